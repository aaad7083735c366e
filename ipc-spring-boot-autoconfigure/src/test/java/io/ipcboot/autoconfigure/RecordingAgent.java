package io.ipcboot.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * An agent that notes in which JVMs it runs.
 */
public final class RecordingAgent {

	private RecordingAgent() {
	}

	public static void premain(String file) throws IOException {
		Files.writeString(Path.of(file), ProcessHandle.current().pid() + "\n", StandardOpenOption.CREATE,
				StandardOpenOption.APPEND);
	}

	/** Write the jar that {@code -javaagent} wants. */
	static void writeTo(Path jar) throws IOException {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes().putValue("Premain-Class", RecordingAgent.class.getName());
		String name = RecordingAgent.class.getName().replace('.', '/') + ".class";
		try (OutputStream file = Files.newOutputStream(jar);
				JarOutputStream entries = new JarOutputStream(file, manifest);
				InputStream bytes = RecordingAgent.class.getClassLoader().getResourceAsStream(name)) {
			entries.putNextEntry(new JarEntry(name));
			bytes.transferTo(entries);
		}
	}

}
