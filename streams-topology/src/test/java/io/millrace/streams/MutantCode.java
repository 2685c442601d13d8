package io.millrace.streams;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Loads all of the write path anew, its tests too, with one class compiled from changed source; everything else comes from the parent. */
final class MutantCode extends ClassLoader {
    private static final String WRITE_PATH = "io.millrace.streams.";
    private final Map<String, byte[]> compiled;

    MutantCode(Map<String, String> changed) {
        super(MutantCode.class.getClassLoader());
        compiled = new HashMap<>();
        changed.forEach((name, code) -> compiled.putAll(compile(name, code)));
    }

    private static Map<String, byte[]> compile(String name, String code) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        Map<String, ByteArrayOutputStream> classes = new HashMap<>();
        var files = new ForwardingJavaFileManager<JavaFileManager>(compiler.getStandardFileManager(null, null, null)) {
            @Override
            public JavaFileObject getJavaFileForOutput(Location location, String className, JavaFileObject.Kind kind, javax.tools.FileObject sibling) {
                return new SimpleJavaFileObject(URI.create("memory:///" + className + kind.extension), kind) {
                    @Override
                    public OutputStream openOutputStream() {
                        return classes.computeIfAbsent(className, key -> new ByteArrayOutputStream());
                    }
                };
            }
        };
        var source = new SimpleJavaFileObject(URI.create("memory:///" + name.replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return code;
            }
        };
        var options = List.of("-classpath", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), "-proc:none", "-nowarn");
        if (!compiler.getTask(null, files, null, options, null, List.of(source)).call()) {
            throw new AssertionError("unable to compile the mutant of " + name);
        }
        Map<String, byte[]> bytes = new HashMap<>();
        classes.forEach((className, out) -> bytes.put(className, out.toByteArray()));
        return bytes;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(WRITE_PATH)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            var loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            var code = compiled.containsKey(name) ? compiled.get(name) : read(name);
            return defineClass(name, code, 0, code.length);
        }
    }

    private byte[] read(String name) throws ClassNotFoundException {
        try (var in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
