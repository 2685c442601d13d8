package io.millrace.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** The one container of a rendered pod as a kubelet would start it: arguments, environment with secrets and fields filled in, and its ConfigMap. */
record RenderedPod(List<String> arguments, Map<String, String> environment, String config, long graceSeconds) {

    /** {@code secrets} by name and key, as {@code name/key}. */
    static RenderedPod of(List<ObjectNode> objects, String kind, String name, Map<String, String> secrets) {
        var object = find(objects, kind, name);
        var spec = kind.equals("Pod") ? object.get("spec") : object.at("/spec/template/spec");
        var container = spec.at("/containers/0");
        Map<String, String> environment = new LinkedHashMap<>();
        container.path("env").forEach(variable -> environment.put(variable.get("name").asText(), value(variable, name, secrets, environment)));
        var config = StreamSupport.stream(spec.get("volumes").spliterator(), false).filter(volume -> volume.get("name").asText().equals("config"))
                .map(volume -> find(objects, "ConfigMap", volume.at("/configMap/name").asText()).at("/data/application.properties").asText()).findFirst().orElse("");
        return new RenderedPod(StreamSupport.stream(container.path("args").spliterator(), false).map(JsonNode::asText).toList(), environment, config,
                spec.path("terminationGracePeriodSeconds").asLong(30));
    }

    private static String value(JsonNode variable, String pod, Map<String, String> secrets, Map<String, String> before) {
        if (variable.has("value")) {
            return Pattern.compile("\\$\\((\\w+)\\)").matcher(variable.get("value").asText()).replaceAll(reference -> Matcher.quoteReplacement(before.get(reference.group(1))));
        }
        var source = variable.get("valueFrom");
        if (source.has("fieldRef")) {
            return pod + "-0";
        }
        String secret = source.at("/secretKeyRef/name").asText() + "/" + source.at("/secretKeyRef/key").asText();
        if (!secrets.containsKey(secret)) {
            throw new AssertionError("no secret " + secret);
        }
        return secrets.get(secret);
    }

    private static ObjectNode find(List<ObjectNode> objects, String kind, String name) {
        return objects.stream().filter(object -> object.get("kind").asText().equals(kind) && object.at("/metadata/name").asText().equals(name)).findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
    }
}
