package io.millrace.streams.hook;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Starts a {@link HookScene} before the application and hands it to the test; {@code url=false} leaves the hook unconfigured. */
public class HookTestResource implements QuarkusTestResourceLifecycleManager {
    private boolean configured;
    private HookScene scene;

    @Override
    public void init(Map<String, String> arguments) {
        configured = !"false".equals(arguments.get("url"));
    }

    @Override
    public Map<String, String> start() {
        scene = new HookScene();
        return configured ? Map.of("kafka.bootstrap.servers", scene.bootstrap(), "millrace.sync.hook.url", scene.hook.url())
                : Map.of("kafka.bootstrap.servers", scene.bootstrap());
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(scene, new TestInjector.MatchesType(HookScene.class));
    }

    @Override
    public void stop() {
        if (scene != null) {
            scene.close();
        }
    }

    /** The service with nothing in it but the hook worker. */
    abstract static class Profile implements QuarkusTestProfile {
        abstract Map<String, String> settings();

        boolean configured() {
            return true;
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            var overrides = new HashMap<>(settings());
            overrides.put("quarkus.arc.exclude-types", "io.millrace.streams.runtime.*,io.millrace.streams.history.*,io.millrace.streams.lane.*,io.millrace.streams.room.*");
            return overrides;
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(HookTestResource.class, Map.of("url", Boolean.toString(configured()))));
        }
    }
}
