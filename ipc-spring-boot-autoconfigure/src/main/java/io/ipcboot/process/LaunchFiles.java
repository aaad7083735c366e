package io.ipcboot.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The files that exist for one process: arguments that it is started with, and its
 * private directory.
 */
final class LaunchFiles {

	private final ProcessSpec spec;

	private final @Nullable Path argumentFile;

	private final @Nullable PrivateDirectory directory;

	private LaunchFiles(ProcessSpec spec, @Nullable Path argumentFile, @Nullable PrivateDirectory directory) {
		this.spec = spec;
		this.argumentFile = argumentFile;
		this.directory = directory;
	}

	static LaunchFiles create(ProcessSpec spec) throws IOException {
		boolean isolated = spec.java() && spec.isolation() != null;
		PrivateDirectory directory = isolated ? PrivateDirectory.create() : null;
		try {
			return new LaunchFiles(spec, argumentFile(spec, directory), directory);
		}
		catch (IOException ex) {
			if (directory != null) {
				directory.close();
			}
			throw ex;
		}
	}

	/**
	 * Put arguments into a file if need be. The file is in the private directory, so that
	 * it does not outlive it. A program that starts the JVM may do so as another user or
	 * without these files, so that nothing but a long class path is worth a file.
	 */
	private static @Nullable Path argumentFile(ProcessSpec spec, @Nullable PrivateDirectory directory)
			throws IOException {
		List<String> arguments = new ArrayList<>(isPrefixed(spec) ? List.of() : spec.privateFlags());
		if (spec.classPath() != null && ArgumentFile.isTooLong(spec.classPath())) {
			arguments.addAll(List.of("-cp", spec.classPath()));
		}
		Path place = (directory != null) ? directory.path() : TemporaryDirectory.path();
		return arguments.isEmpty() ? null : ArgumentFile.create(place, arguments);
	}

	private static boolean isPrefixed(ProcessSpec spec) {
		return spec.isolation() != null && !spec.isolation().commandPrefix().isEmpty();
	}

	/**
	 * Return the arguments that come between the program and its own arguments.
	 */
	List<String> arguments() {
		List<String> arguments = new ArrayList<>();
		if (this.directory != null) {
			arguments.addAll(this.directory.flags());
		}
		if (isPrefixed(this.spec)) {
			arguments.addAll(this.spec.privateFlags());
		}
		if (this.argumentFile != null) {
			arguments.add("@" + this.argumentFile);
		}
		if (this.spec.classPath() != null && !ArgumentFile.isTooLong(this.spec.classPath())) {
			arguments.addAll(List.of("-cp", this.spec.classPath()));
		}
		return arguments;
	}

	void deleteArgumentFile() {
		ArgumentFile.delete(this.argumentFile);
	}

	/**
	 * Keep the crash files of a process that ended, as far as that takes no time.
	 * @return the file about a crash, which may still have to be copied, or {@code null}
	 */
	@Nullable Path placeCrashFiles() {
		Isolation isolation = this.spec.isolation();
		return (this.directory != null && isolation != null) ? this.directory.place(isolation.crashFiles()) : null;
	}

	/** Copy the crash files that could not be moved. */
	void copyCrashFiles() {
		Isolation isolation = this.spec.isolation();
		if (this.directory != null && isolation != null) {
			this.directory.copy(isolation.crashFiles());
		}
	}

	/** Remove the files of a process that ended, or did not start. */
	void close() {
		deleteArgumentFile();
		if (this.directory != null) {
			this.directory.close();
		}
	}

}
