{{/* Names and labels. "component" is ingest, delivery, streams or cli; (dict "root" $ "component" "ingest") is called a place below. */}}
{{- define "millrace.fullname" -}}
{{- if .Values.fullnameOverride -}}{{ .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 50 | trimSuffix "-" }}
{{- end -}}
{{- end -}}

{{- define "millrace.selector" -}}
app.kubernetes.io/name: {{ default .root.Chart.Name .root.Values.nameOverride }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "millrace.labels" -}}
{{ include "millrace.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "millrace.image" -}}
{{- with .root.Values.image.registry }}{{ . }}/{{ end }}{{ (get .root.Values .component).image.repository }}:{{ default .root.Chart.AppVersion .root.Values.image.tag }}
{{- end -}}

{{- define "millrace.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}{{ default (include "millrace.fullname" .) .Values.serviceAccount.name }}{{ else }}{{ default "default" .Values.serviceAccount.name }}{{ end -}}
{{- end -}}

{{/* A duration such as 500ms, 10s, 2m or 30d in whole seconds, rounded up. */}}
{{- define "millrace.seconds" -}}
{{- $number := regexFind "^[0-9]+" . | int64 -}}
{{- $unit := regexFind "[a-z]+$" . -}}
{{- if eq $unit "ms" }}{{ div (add $number 999) 1000 }}{{ else }}{{ mul $number (get (dict "s" 1 "m" 60 "h" 3600 "d" 86400) $unit) }}{{ end -}}
{{- end -}}

{{/* What a pod of this place needs to stop: leaving the endpoints, its own drain or close, and some room. */}}
{{- define "millrace.stopSeconds" -}}
{{- $own := ternary .root.Values.settings.streams.closeTimeout .root.Values.settings.gate.drainTime (eq .component "streams") -}}
{{- add (get .root.Values .component).preStopSeconds (include "millrace.seconds" $own) 15 -}}
{{- end -}}

{{/* Properties of a tree of values: camelCase becomes kebab-case, empty values are left to the service. */}}
{{- define "millrace.properties" -}}
{{- range $key, $value := .values }}
{{- $name := printf "%s.%s" $.prefix (regexReplaceAll "([A-Z])" $key "-${1}" | lower) }}
{{- if kindIs "map" $value }}
{{- include "millrace.properties" (dict "prefix" $name "values" $value) }}
{{- else if kindIs "slice" $value }}
{{- if $value }}
{{ $name }}={{ join "," $value }}
{{- end }}
{{- else if and (kindIs "float64" $value) (eq (floor $value) $value) }}
{{ $name }}={{ int64 $value }}
{{- else if ne (toString $value) "" }}
{{ $name }}={{ toString $value | replace "\\" "\\\\" }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The application.properties of a service. */}}
{{- define "millrace.config" -}}
{{- $values := .root.Values -}}
{{- $settings := $values.settings -}}
{{- $sections := get (dict "ingest" (list "topics" "auth" "gate" "ingest" "attachments" "tracing" "log") "delivery" (list "topics" "auth" "gate" "delivery" "tracing" "log") "streams" (list "topics" "sync" "streams" "history" "tracing" "log")) .component -}}
{{- range $sections }}
{{- include "millrace.properties" (dict "prefix" (printf "millrace.%s" .) "values" (get $settings .)) }}
{{- end }}
{{- if eq .component "ingest" }}
millrace.attachments.directory=/data/attachments
millrace.streams.application-prefix={{ $settings.streams.applicationPrefix }}
{{- else if eq .component "delivery" }}
{{- if not $settings.delivery.historyUrl }}
millrace.delivery.history-url=http://{{ include "millrace.fullname" .root }}-history:8082
{{- end }}
{{- else }}
millrace.ingest.max-message-bytes={{ int64 $settings.ingest.maxMessageBytes }}
millrace.streams.state-dir=/data/streams
millrace.history.host=0.0.0.0
millrace.history.port=8082
{{- end }}
{{- if ne .component "streams" }}
{{- if $values.secrets.publicKey.existingSecret }}
millrace.auth.public-key-location=/etc/millrace/token-keys/keys
{{- end }}
{{- if (get $values .component).behindProxy }}
quarkus.http.proxy.proxy-address-forwarding=true
{{- end }}
{{- end }}
{{- range $key, $value := (get $values .component).extraConfig }}
{{ $key }}={{ toString $value | replace "\\" "\\\\" }}
{{- end }}
{{- end -}}

{{/* An environment variable out of a secret: (dict "name" "X" "secret" "s" "key" "k"). */}}
{{- define "millrace.secretEnv" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key | quote }}
{{- end -}}

{{/* Whether the chart's own KafkaUsers are used: Strimzi writes their secrets where they are. */}}
{{- define "millrace.ownUsers" -}}
{{- $strimzi := .Values.topics.strimzi -}}
{{- if and (eq .Values.topics.mode "strimzi") $strimzi.users.create (has $strimzi.namespace (list "" .Release.Namespace)) }}yes{{ end -}}
{{- end -}}

{{/* The secret with the Kafka credentials of a place; "topics" is the job's. */}}
{{- define "millrace.kafkaSecret" -}}
{{- $kafka := .root.Values.kafka -}}
{{- $own := ternary .root.Values.topics.job.kafkaSecret (get .root.Values .component).kafkaSecret (eq .component "topics") -}}
{{- if $own }}{{ $own }}
{{- else if include "millrace.ownUsers" .root }}{{ include "millrace.fullname" .root }}-{{ .component }}
{{- else }}{{ ternary $kafka.mtls.existingSecret $kafka.sasl.existingSecret $kafka.mtls.enabled }}
{{- end -}}
{{- end -}}

{{/* How Kafka is reached: the same variables for the services and for the command line. */}}
{{- define "millrace.kafkaEnv" -}}
{{- $kafka := .root.Values.kafka -}}
{{- $secret := include "millrace.kafkaSecret" . -}}
- name: KAFKA_BOOTSTRAP_SERVERS
  value: {{ $kafka.bootstrapServers | quote }}
- name: KAFKA_SECURITY_PROTOCOL
  value: {{ printf "%s%s" (ternary "SASL_" "" (ne $kafka.sasl.mechanism "")) (ternary "SSL" "PLAINTEXT" $kafka.tls.enabled) }}
{{- if $kafka.tls.enabled }}
{{- if not $kafka.tls.verifyHostname }}
- name: KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM
  value: ""
{{- end }}
{{- with $kafka.tls.truststore }}
{{- if .existingSecret }}
- name: KAFKA_SSL_TRUSTSTORE_TYPE
  value: {{ .type }}
- name: KAFKA_SSL_TRUSTSTORE_LOCATION
  value: /etc/millrace/kafka-trust/store
{{- if .passwordKey }}
{{ include "millrace.secretEnv" (dict "name" "KAFKA_SSL_TRUSTSTORE_PASSWORD" "secret" .existingSecret "key" .passwordKey) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- if $kafka.mtls.enabled }}
- name: KAFKA_SSL_KEYSTORE_TYPE
  value: {{ $kafka.mtls.type }}
{{- if eq $kafka.mtls.type "PEM" }}
{{ include "millrace.secretEnv" (dict "name" "KAFKA_SSL_KEYSTORE_CERTIFICATE_CHAIN" "secret" $secret "key" $kafka.mtls.certificateKey) }}
{{ include "millrace.secretEnv" (dict "name" "KAFKA_SSL_KEYSTORE_KEY" "secret" $secret "key" $kafka.mtls.privateKeyKey) }}
{{- else }}
- name: KAFKA_SSL_KEYSTORE_LOCATION
  value: /etc/millrace/kafka-user/store
{{ include "millrace.secretEnv" (dict "name" "KAFKA_SSL_KEYSTORE_PASSWORD" "secret" $secret "key" $kafka.mtls.passwordKey) }}
{{- end }}
{{- end }}
{{- if $kafka.sasl.mechanism }}
{{- $jaasKey := ternary "sasl.jaas.config" $kafka.sasl.jaasConfigKey (eq (include "millrace.ownUsers" .root) "yes") }}
- name: KAFKA_SASL_MECHANISM
  value: {{ $kafka.sasl.mechanism }}
{{- if $jaasKey }}
{{ include "millrace.secretEnv" (dict "name" "KAFKA_SASL_JAAS_CONFIG" "secret" $secret "key" $jaasKey) }}
{{- else }}
{{ include "millrace.secretEnv" (dict "name" "SASL_USERNAME" "secret" $secret "key" $kafka.sasl.usernameKey) }}
{{ include "millrace.secretEnv" (dict "name" "SASL_PASSWORD" "secret" $secret "key" $kafka.sasl.passwordKey) }}
- name: KAFKA_SASL_JAAS_CONFIG
  value: org.apache.kafka.common.security.{{ ternary "plain.Plain" "scram.Scram" (eq $kafka.sasl.mechanism "PLAIN") }}LoginModule required username="$(SASL_USERNAME)" password="$(SASL_PASSWORD)";
{{- end }}
{{- end }}
{{- range $key, $value := $kafka.extraConfig }}
- name: KAFKA_{{ $key | upper | replace "." "_" }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}

{{/* The files the variables above name, as volumes and as mounts. */}}
{{- define "millrace.kafkaVolumes" -}}
{{- $kafka := .root.Values.kafka -}}
{{- if and $kafka.tls.enabled $kafka.tls.truststore.existingSecret }}
- name: kafka-trust
  secret:
    secretName: {{ $kafka.tls.truststore.existingSecret }}
    items:
      - key: {{ $kafka.tls.truststore.key | quote }}
        path: store
{{- end }}
{{- if and $kafka.mtls.enabled (eq $kafka.mtls.type "PKCS12") }}
- name: kafka-user
  secret:
    secretName: {{ include "millrace.kafkaSecret" . }}
    items:
      - key: {{ $kafka.mtls.keystoreKey | quote }}
        path: store
{{- end }}
{{- end -}}

{{- define "millrace.kafkaMounts" -}}
{{- $kafka := .root.Values.kafka -}}
{{- if and $kafka.tls.enabled $kafka.tls.truststore.existingSecret }}
- name: kafka-trust
  mountPath: /etc/millrace/kafka-trust
  readOnly: true
{{- end }}
{{- if and $kafka.mtls.enabled (eq $kafka.mtls.type "PKCS12") }}
- name: kafka-user
  mountPath: /etc/millrace/kafka-user
  readOnly: true
{{- end }}
{{- end -}}

{{/* A pod that runs one command of the command line and ends; "args" and "env" are its own. */}}
{{- define "millrace.cliPod" -}}
restartPolicy: Never
enableServiceLinks: false
automountServiceAccountToken: false
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  {{- toYaml .root.Values.podSecurityContext | nindent 2 }}
containers:
  - name: cli
    image: {{ include "millrace.image" (dict "root" .root "component" "cli") }}
    imagePullPolicy: {{ .root.Values.image.pullPolicy }}
    securityContext:
      {{- toYaml .root.Values.containerSecurityContext | nindent 6 }}
    args:
      {{- toYaml .args | nindent 6 }}
    env:
      {{- include "millrace.kafkaEnv" . | nindent 6 }}
      {{- with .env }}
      {{- . | nindent 6 }}
      {{- end }}
    resources:
      {{- toYaml .root.Values.topics.job.resources | nindent 6 }}
    volumeMounts:
      - name: tmp
        mountPath: /tmp
      {{- with include "millrace.kafkaMounts" . }}
      {{- . | nindent 6 }}
      {{- end }}
volumes:
  - name: tmp
    emptyDir: {}
  {{- with include "millrace.kafkaVolumes" . }}
  {{- . | nindent 2 }}
  {{- end }}
{{- end -}}

{{/* The arguments that tell the command line which topics there must be. */}}
{{- define "millrace.topicArgs" -}}
{{- $topics := .Values.settings.topics -}}
{{- list "--prefix" $topics.prefix "--partitions" (toString (int64 $topics.partitions)) "--room-log-retention" $topics.roomLogRetention | toYaml }}
{{- end -}}

{{/* The pod of a service. What only one service has (environment, volumes, ports) is told by "env", "volumes", "mounts" and "ports". */}}
{{- define "millrace.pod" -}}
{{- $root := .root -}}
{{- $own := get $root.Values .component -}}
metadata:
  labels:
    {{- include "millrace.labels" . | nindent 4 }}
    {{- with $own.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    checksum/config: {{ include "millrace.config" . | sha256sum }}
    {{- with $own.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "millrace.serviceAccount" $root }}
  automountServiceAccountToken: false
  enableServiceLinks: false # variables such as MILLRACE_INGEST_PORT would be read as settings
  terminationGracePeriodSeconds: {{ default (include "millrace.stopSeconds" .) (int64 $own.terminationGracePeriodSeconds) }}
  {{- with $root.Values.imagePullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  {{- with $own.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  securityContext:
    {{- toYaml $root.Values.podSecurityContext | nindent 4 }}
  containers:
    - name: {{ .component }}
      image: {{ include "millrace.image" . }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      securityContext:
        {{- toYaml $root.Values.containerSecurityContext | nindent 8 }}
      ports:
        - name: http
          containerPort: 8080
        {{- with .ports }}
        {{- . | nindent 8 }}
        {{- end }}
      env:
        - name: JAVA_TOOL_OPTIONS
          value: {{ $own.jvmOptions | quote }}
        {{- include "millrace.kafkaEnv" . | nindent 8 }}
        {{- with .env }}
        {{- . | nindent 8 }}
        {{- end }}
        {{- with $own.env }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      lifecycle:
        preStop:
          sleep: # endpoints forget the pod before it stops taking connections
            seconds: {{ int64 $own.preStopSeconds }}
      # Liveness never depends on Kafka; a pod that waits for it is alive and not ready.
      startupProbe:
        httpGet:
          path: /q/health/live
          port: http
        periodSeconds: 2
        timeoutSeconds: 2
        failureThreshold: {{ div (add (int64 $own.startupSeconds) 1) 2 }}
      livenessProbe:
        httpGet:
          path: /q/health/live
          port: http
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        httpGet:
          path: /q/health/ready
          port: http
        periodSeconds: 5
        timeoutSeconds: 6
        failureThreshold: 2
      resources:
        {{- toYaml $own.resources | nindent 8 }}
      volumeMounts:
        - name: tmp # native libraries are unpacked here
          mountPath: /tmp
        - name: config
          mountPath: /app/config
          readOnly: true
        {{- with include "millrace.kafkaMounts" . }}
        {{- . | nindent 8 }}
        {{- end }}
        {{- with .mounts }}
        {{- . | nindent 8 }}
        {{- end }}
        {{- with $own.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: tmp
      emptyDir: {}
    - name: config
      configMap:
        name: {{ include "millrace.fullname" $root }}-{{ .component }}
    {{- with include "millrace.kafkaVolumes" . }}
    {{- . | nindent 4 }}
    {{- end }}
    {{- with .volumes }}
    {{- . | nindent 4 }}
    {{- end }}
    {{- with $own.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $own.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $own.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $own.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  topologySpreadConstraints:
    {{- if $own.topologySpreadConstraints }}
    {{- toYaml $own.topologySpreadConstraints | nindent 4 }}
    {{- else }}
    {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "millrace.selector" $ | nindent 10 }}
    {{- end }}
    {{- end }}
{{- end -}}
