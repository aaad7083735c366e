package io.ipcboot.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

import org.jspecify.annotations.Nullable;

/**
 * Finds out how this application was started, so that it can be started again: as an
 * executable jar, packed or extracted, or as classes on a class path.
 */
public final class ApplicationCode {

	private ApplicationCode() {
	}

	/**
	 * Return the command that starts this application.
	 * @param mainClass its main class, as far as it is known
	 * @return the command
	 * @throws NoMainClassException if there is no executable jar and no main class
	 */
	public static JavaCommand command(@Nullable String mainClass) {
		Path jar = executableJar(System.getProperty("java.class.path"));
		if (jar != null) {
			return JavaCommand.ofJar(jar);
		}
		if (mainClass == null) {
			throw new NoMainClassException();
		}
		return JavaCommand.ofMainClass(mainClass);
	}

	/**
	 * With {@code java -jar} the class path is the jar alone, and its manifest names the
	 * rest.
	 */
	static @Nullable Path executableJar(String classPath) {
		if (classPath.contains(File.pathSeparator) || !classPath.endsWith(".jar")) {
			return null;
		}
		Path jar = Path.of(classPath);
		if (!Files.isRegularFile(jar)) {
			return null;
		}
		try (JarFile file = new JarFile(jar.toFile())) {
			Manifest manifest = file.getManifest();
			boolean executable = manifest != null
					&& manifest.getMainAttributes().containsKey(Attributes.Name.MAIN_CLASS);
			return executable ? jar.toAbsolutePath() : null;
		}
		catch (IOException ex) {
			return null;
		}
	}

	/**
	 * Nobody knows which class to start.
	 */
	public static final class NoMainClassException extends IllegalStateException {

		NoMainClassException() {
			super("The main class of this application cannot be found, so it cannot be forked");
		}

	}

}
