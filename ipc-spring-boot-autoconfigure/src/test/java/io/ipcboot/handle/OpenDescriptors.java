package io.ipcboot.handle;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The descriptors of this process, as in {@code /proc/self/fd}.
 *
 * @param before the sockets and pipes that were open at some time; files are left out
 * because the JVM opens class path entries when it likes
 */
record OpenDescriptors(Set<Map.Entry<Integer, String>> before) {

	private static boolean jdkIsPrepared;

	static OpenDescriptors now() throws IOException {
		if (!jdkIsPrepared) {
			// the JDK opens a socket pair when it first closes a socket
			Connection.channel().close();
			Connection.socket().close();
			jdkIsPrepared = true;
		}
		return new OpenDescriptors(socketsAndPipes());
	}

	/**
	 * Return what was opened since then and is still open. What was closed does not
	 * count, as objects of other tests may be collected at any time.
	 */
	Set<Map.Entry<Integer, String>> openedSince() throws IOException {
		Set<Map.Entry<Integer, String>> opened = socketsAndPipes();
		opened.removeAll(this.before);
		return opened;
	}

	private static Set<Map.Entry<Integer, String>> socketsAndPipes() throws IOException {
		Set<Map.Entry<Integer, String>> found = new HashSet<>(byNumber("socket:").entrySet());
		found.addAll(byNumber("pipe:").entrySet());
		return found;
	}

	/**
	 * Return the descriptor of what a selector uses.
	 */
	static FileDescriptor first(String targetPrefix) throws IOException {
		return Descriptors.ofNumber(byNumber(targetPrefix).keySet().iterator().next());
	}

	static Map<Integer, String> byNumber(String targetPrefix) throws IOException {
		Map<Integer, String> found = new TreeMap<>();
		try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
			for (Path descriptor : descriptors) {
				int number = Integer.parseInt(descriptor.getFileName().toString());
				String target = Descriptors.target(number);
				if (target != null && target.startsWith(targetPrefix)) {
					found.put(number, target);
				}
			}
		}
		return found;
	}

}
