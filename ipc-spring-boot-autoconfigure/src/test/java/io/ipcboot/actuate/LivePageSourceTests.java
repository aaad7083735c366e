package io.ipcboot.actuate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The live page permits its own script and styles, and nothing else.
 */
class LivePageSourceTests {

	private final String page;

	LivePageSourceTests() throws IOException {
		try (InputStream in = getClass().getResourceAsStream("/io/ipcboot/actuate/ipcpage.html")) {
			this.page = new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	@Test
	void thePolicyPermitsTheScriptAndTheStylesOfThePageOnly() throws Exception {
		assertThat(only("<meta http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\">"))
			.isEqualTo("default-src 'none'; script-src '" + hash("script") + "'; style-src '" + hash("style")
					+ "'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
					+ "require-trusted-types-for 'script'; trusted-types 'none'");
	}

	@Test
	void nothingIsLoadedFromElsewhere() {
		assertThat(this.page.replace("http://www.w3.org/2000/svg", "")).doesNotContain("http:", "https:", "//cdn",
				"url(", "@import", " src=", "<iframe", "<object");
	}

	@Test
	void noTextOfAWorkerBecomesMarkup() {
		assertThat(this.page).doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
				"new Function", "DOMParser", "srcdoc");
	}

	private String hash(String element) throws Exception {
		byte[] content = only("<" + element + ">(.*?)</" + element + ">").getBytes(StandardCharsets.UTF_8);
		return "sha256-" + Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
	}

	private String only(String pattern) {
		Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(this.page);
		assertThat(matcher.find()).as(pattern).isTrue();
		String found = matcher.group(1);
		assertThat(matcher.find()).as("another " + pattern).isFalse();
		return found;
	}

}
