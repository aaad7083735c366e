package io.ipcboot.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Finds out how this application was started, so that it can be started again: as an
 * executable archive, packed or extracted, by a launcher of Spring Boot in an unpacked
 * archive, or as classes on a class path. Workers run the files as they were when this
 * application started.
 */
public final class ApplicationCode {

	/** Launchers set up the class path of the application by themselves. */
	private static final String LAUNCHERS = "org.springframework.boot.loader.";

	/** The executable archive, {@code null} if the application was started otherwise. */
	private final @Nullable Path archive;

	/**
	 * The class to start, {@code null} if only the application knows. That of an archive
	 * is needed if a library of the archive was replaced.
	 */
	private final @Nullable String mainClass;

	/** All archives and directories of the application. */
	private final List<Path> parts;

	private final CodeSnapshot snapshot;

	private ApplicationCode(@Nullable Path archive, @Nullable String mainClass, List<Path> parts) {
		this.archive = archive;
		this.mainClass = mainClass;
		this.parts = parts;
		this.snapshot = CodeSnapshot.of(parts);
	}

	/**
	 * Find out how this application was started, and remember its files as they are now.
	 * @return the code of this application
	 */
	public static ApplicationCode ofThisProcess() {
		String started = System.getProperty("sun.java.command");
		String classPath = System.getProperty("java.class.path");
		Path archive = executableArchive(classPath, started);
		if (archive != null) {
			Attributes manifest = manifest(archive);
			List<Path> parts = new ArrayList<>(List.of(archive));
			parts.addAll(libraries(archive, manifest.getValue(Attributes.Name.CLASS_PATH)));
			return new ApplicationCode(archive, manifest.getValue(Attributes.Name.MAIN_CLASS), parts);
		}
		String launcher = (started != null && started.startsWith(LAUNCHERS)) ? started.split(" ", 2)[0] : null;
		return new ApplicationCode(null, launcher,
				Stream.of(classPath.split(File.pathSeparator, -1))
					.map((part) -> Path.of(part).toAbsolutePath())
					.toList());
	}

	/**
	 * Return the command that starts this application.
	 * @param ownMainClass the main class of the application, if it is known
	 * @return the command
	 * @throws NoMainClassException if there is no executable archive, no launcher and no
	 * main class
	 * @throws ChangedCodeException if the files have changed and cannot be restored
	 */
	public JavaCommand command(@Nullable String ownMainClass) {
		if (this.mainClass == null && ownMainClass == null) {
			throw new NoMainClassException();
		}
		List<Path> now = this.snapshot.paths();
		if (this.archive != null && (now.equals(this.parts) || now.size() == 1)) {
			return JavaCommand.ofJar(now.get(0));
		}
		if (this.archive != null) {
			// its manifest would put the libraries that were replaced before their copies
			now = new ArrayList<>(now);
			now.set(0, this.snapshot.withoutNeighbours(now.get(0)));
		}
		return JavaCommand.ofMainClass((this.mainClass != null) ? this.mainClass : Objects.requireNonNull(ownMainClass),
				now);
	}

	private static Attributes manifest(Path archive) {
		try (JarFile file = new JarFile(archive.toFile())) {
			Manifest manifest = file.getManifest();
			return (manifest != null) ? manifest.getMainAttributes() : new Attributes();
		}
		catch (IOException ex) {
			return new Attributes();
		}
	}

	/** Return the files that a manifest names, relative to the archive. */
	private static List<Path> libraries(Path archive, @Nullable String classPath) {
		List<Path> libraries = new ArrayList<>();
		for (String library : StringUtils.tokenizeToStringArray(classPath, " ")) {
			try {
				libraries.add(Path.of(archive.toUri().resolve(library)));
			}
			catch (IllegalArgumentException | FileSystemNotFoundException ex) {
				// no file of this machine
			}
		}
		return libraries;
	}

	/**
	 * Return the archive that was started with {@code java -jar}, whatever its name. The
	 * class path is then that archive alone, and its manifest names the rest.
	 * @param started what the JVM was told to start with its arguments, {@code null} if
	 * that is not known
	 */
	static @Nullable Path executableArchive(String classPath, @Nullable String started) {
		if (classPath.isEmpty() || classPath.contains(File.pathSeparator)
				|| (started != null && !started.equals(classPath) && !started.startsWith(classPath + " "))) {
			return null;
		}
		Path archive = Path.of(classPath);
		if (!Files.isRegularFile(archive)) {
			return null;
		}
		return manifest(archive).containsKey(Attributes.Name.MAIN_CLASS) ? archive.toAbsolutePath() : null;
	}

	/**
	 * Thrown when the class to start is not known.
	 */
	public static final class NoMainClassException extends IllegalStateException {

		NoMainClassException() {
			super("The main class of this application cannot be found, so the application cannot be forked");
		}

	}

}
