package io.ipcboot.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/**
 * What a process may leave in its directory, and a process that removes it.
 */
public final class LeftTree {

	private LeftTree() {
	}

	/** Removes the directory that is named, and prints what is left. */
	public static void main(String[] arguments) throws IOException {
		Path tree = Path.of(arguments[0]);
		if (arguments.length > 1) {
			forbid(tree);
		}
		System.out.println(DirectoryTree.remove(tree) ? "removed" : "left");
	}

	/**
	 * Create directories within each other.
	 * @param tree the outermost one, which does not exist
	 * @param name the name of the others
	 */
	public static void deep(Path tree, int levels, String name) throws IOException {
		Path outer = tree.resolveSibling("outer");
		Files.createDirectory(tree);
		Files.writeString(tree.resolve("file"), "at the bottom");
		// from the inside, so that all paths are short
		for (int level = 0; level < levels; level++) {
			Files.createDirectory(outer);
			Files.writeString(outer.resolve("file"), "on the way");
			Files.move(tree, outer.resolve(name));
			Files.move(outer, tree);
		}
	}

	/** Fill a directory with others that nobody may use in some way. */
	private static void forbid(Path tree) throws IOException {
		for (String permissions : new String[] { "---------", "r--------", "-w-------", "--x------", "r-x------",
				"-wx------" }) {
			Path outer = Files.createDirectory(tree.resolve("o" + permissions));
			for (String inside : new String[] { "---------", "r-x------" }) {
				Path inner = Files.createDirectory(outer.resolve("i" + inside));
				Files.writeString(inner.resolve("file"), "x");
				Files.createDirectory(inner.resolve("directory"));
				Files.setPosixFilePermissions(inner, PosixFilePermissions.fromString(inside));
			}
			Files.setPosixFilePermissions(outer, PosixFilePermissions.fromString(permissions));
		}
		Files.setPosixFilePermissions(tree, PosixFilePermissions.fromString("---------"));
		try (Stream<Path> entries = Files.list(tree)) {
			throw new IllegalStateException("this user may do everything: " + entries.count());
		}
		catch (IOException ex) {
			// as it should be
		}
	}

}
