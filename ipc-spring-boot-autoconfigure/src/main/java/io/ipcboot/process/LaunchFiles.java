package io.ipcboot.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Files that exist for one process: what it is started with, and what it has for itself.
 */
final class LaunchFiles {

	private final ProcessSpec spec;

	private final @Nullable Path classPathFile;

	private final @Nullable PrivateDirectory directory;

	private LaunchFiles(ProcessSpec spec, @Nullable Path classPathFile, @Nullable PrivateDirectory directory) {
		this.spec = spec;
		this.classPathFile = classPathFile;
		this.directory = directory;
	}

	static LaunchFiles create(ProcessSpec spec) throws IOException {
		boolean isolated = spec.java() && spec.isolation() != null;
		PrivateDirectory directory = isolated ? PrivateDirectory.create() : null;
		try {
			return new LaunchFiles(spec, ClassPathFile.createIfNeeded(spec.classPath()), directory);
		}
		catch (IOException ex) {
			if (directory != null) {
				directory.close();
			}
			throw ex;
		}
	}

	/**
	 * Return what comes between the program and its arguments.
	 */
	List<String> arguments() {
		List<String> arguments = new ArrayList<>();
		if (this.directory != null) {
			arguments.addAll(this.directory.flags());
		}
		if (this.classPathFile != null) {
			arguments.add("@" + this.classPathFile);
		}
		else if (this.spec.classPath() != null) {
			arguments.addAll(List.of("-cp", this.spec.classPath()));
		}
		return arguments;
	}

	void deleteClassPathFile() {
		ClassPathFile.delete(this.classPathFile);
	}

	/**
	 * The process has ended.
	 * @return what it has written about a crash, or {@code null}
	 */
	@Nullable Path keepCrashFiles() {
		Isolation isolation = this.spec.isolation();
		return (this.directory != null && isolation != null) ? this.directory.keep(isolation.crashFiles()) : null;
	}

	/** The process has ended, or did not start. */
	void close() {
		deleteClassPathFile();
		if (this.directory != null) {
			this.directory.close();
		}
	}

}
