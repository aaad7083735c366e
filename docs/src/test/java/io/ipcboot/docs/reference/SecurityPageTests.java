package io.ipcboot.docs.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each row of the table of what a worker can choose has a test.
 */
class SecurityPageTests {

	private static final Path PAGE = Path.of("src/main/asciidoc/security.adoc");

	private static final Path TESTS = Path.of("../ipc-spring-boot-autoconfigure/src/test/java");

	private static final Pattern TEST = Pattern.compile("(?m)^// test: ([\\w.]+?)(?:\\.([a-z]\\w*))?$");

	@Test
	void eachClaimHasATest() throws IOException {
		List<MatchResult> tests = TEST.matcher(Files.readString(PAGE)).results().toList();
		assertThat(tests).hasSameSizeAs(GuidePage.read("security.adoc").table("worker-claims"));
		for (MatchResult test : tests) {
			Path file = TESTS.resolve(test.group(1).replace('.', '/') + ".java");
			assertThat(file).exists();
			if (test.group(2) != null) {
				assertThat(file).content().contains("void " + test.group(2) + "(");
			}
		}
	}

}
