package io.ipcboot.compatibility.management;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

import io.ipcboot.compatibility.ProcessFacts;
import io.ipcboot.compatibility.RunningApplication;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * An operator sees the pools in a browser, and acts on them.
 */
class LivePageTests extends ManagedApplicationTests {

	private static final Path PICTURE = Path.of("../../docs/src/main/theme/live-page.png");

	private static final String ENTER = "\uE007";

	private static final String ESCAPE = "\uE00C";

	@TempDir
	private Path profile;

	LivePageTests() {
		super("ipc,ipcpage");
	}

	@BeforeAll
	static void requireBrowser() {
		boolean installed = Browser.driver().isPresent();
		if (System.getenv("BROWSER_REQUIRED") != null) {
			assertThat(installed).as("chromium and chromium-driver are installed").isTrue();
		}
		assumeTrue(installed, "Install chromium and chromium-driver to test the live page in a browser");
	}

	@Test
	void anOperatorSeesWhatHappensAndActs() throws Exception {
		try (Browser browser = Browser.start(this.profile, 1400, 1000, false)) {
			try (RunningApplication application = startManaged("--management.endpoint.ipc.access=unrestricted",
					"--management.endpoint.ipc.show-output=always")) {
				ProcessFacts parent = application.facts().parent();
				String origin = origin(parent);
				browser.load(origin + "/actuator/ipcpage").await("workers", () -> {
					assertThat(browser.visible("tbody tr")).isEqualTo(2);
					assertThat(browser.text("#summary")).startsWith("1 pool · 2 of 2 workers ready · 0 busy");
				});
				assertWhatIsRunning(browser, application, parent);
				assertKilledAndReplaced(browser, application);
				if (Boolean.getBoolean("docs.update")) {
					Files.write(PICTURE, browser.resize(1300, 470).screenshot());
				}
				assertOutputIsText(browser);
				Files.createFile(this.directory.resolve("release"));
				assertRestarted(browser, application);
				assertResized(browser, application);
				assertThat(browser.console()).isEmpty();
				assertThat(browser.requestsOf(origin + "/actuator/ipcpage")).hasSizeGreaterThan(10)
					.allSatisfy((address) -> assertThat(address).startsWith(origin + "/actuator/ipc"));
			}
			browser.await("the end of the application",
					() -> assertThat(browser.text("#status")).matches("Not reachable for \\d+ s"));
		}
	}

	private void assertWhatIsRunning(Browser browser, RunningApplication application, ProcessFacts parent) {
		application.get("http://127.0.0.1:" + parent.port() + "/hold");
		browser.await("running listeners", () -> assertThat(texts(browser, ".work b"))
			.containsExactlyInAnyOrder("render", ManagementApplication.HOSTILE));
		assertThat(texts(browser, ".work span")).allSatisfy((age) -> assertThat(age).matches("\\d+(\\.\\d)? s"));
		assertThat(browser.text("#summary")).contains("2 busy");
	}

	private void assertKilledAndReplaced(Browser browser, RunningApplication application) {
		String victim = pid(browser, hostileSlot(browser));
		String row = "tr[data-slot='" + hostileSlot(browser) + "'] ";
		browser.click(row + "[data-action='kill']");
		assertThat(browser.text("#confirm-text")).contains("Process " + victim);
		// what loses work is not what a key does that is pressed too early
		browser.press("#confirm-no", ESCAPE);
		assertThat(browser.visible("#confirm")).isZero();
		application.expectExits(1);
		browser.click(row + "[data-action='kill']").press("#confirm-yes", ENTER);
		browser.await("another worker", () -> {
			assertThat(browser.text(row + "td[data-label='Process']")).matches("\\d+").isNotEqualTo(victim);
			assertThat(browser.text(row + ".state")).isEqualTo("ready");
			assertThat(browser.text(row + "td[data-label='Last exit']")).startsWith("killed, ");
			assertThat(browser.text(".exit")).contains("pid " + victim, "killed", "was ended by SIGKILL");
		});
	}

	private void assertOutputIsText(Browser browser) {
		// the other worker still has its call
		String slot = browser.run("""
				return [...document.querySelectorAll('tbody tr')]
					.find((row) => row.querySelector('.work b').innerText === '').dataset.slot""").asString();
		browser.click("tr[data-slot='" + slot + "'] .slot");
		browser.await("last lines",
				() -> assertThat(browser.text("#worker-lines")).contains("It prints " + ManagementApplication.HOSTILE));
		browser.click("#worker-dump");
		browser.await("thread dump", () -> assertThat(browser.text("#worker-stacks")).startsWith("Full thread dump ")
			.contains("\"main\" #1", "JNI global refs"));
		assertThat(browser.visible("img")).isZero();
		browser.press("#worker-close", ESCAPE);
		assertThat(browser.visible("#worker")).isZero();
	}

	private void assertRestarted(Browser browser, RunningApplication application) {
		browser.await("no work", () -> assertThat(browser.text("#summary")).contains("0 busy"));
		List<String> before = texts(browser, "td[data-label='Process']");
		browser.run("""
				const progress = document.querySelector('.progress');
				window.told = [];
				new MutationObserver(() => progress.hidden || window.told.push(progress.innerText))
					.observe(progress, { attributes: true, subtree: true, childList: true, characterData: true });""");
		application.expectExits(2);
		browser.click("[data-action='restart']").press("#confirm-yes", ENTER);
		browser.await("other workers", () -> {
			assertThat(texts(browser, "td[data-label='Process']")).hasSize(2).doesNotContainAnyElementsOf(before);
			assertThat(browser.text("#summary")).contains("2 of 2 workers ready");
			assertThat(browser.visible(".progress")).isZero();
		});
		assertThat(browser.run("return window.told").toString()).contains("Rolling restart: ", " of 2 workers done");
	}

	private void assertResized(Browser browser, RunningApplication application) {
		browser.click("[data-action='resize']").press("#confirm-size", "3" + ENTER);
		browser.await("three workers", () -> assertThat(browser.text("#summary")).contains("3 of 3 workers ready"));
		application.expectExits(1);
		browser.click("[data-action='resize']").press("#confirm-size", "2" + ENTER);
		browser.await("two workers", () -> {
			assertThat(browser.text("#summary")).contains("2 of 2 workers ready");
			assertThat(application.facts().exits()).isEqualTo(4);
		});
	}

	@Test
	void whoMayOnlyReadSeesNoButtonOnAPhone() throws Exception {
		try (Browser browser = Browser.start(this.profile, 360, 800, true);
				RunningApplication application = startManaged()) {
			String origin = origin(application.facts().parent());
			browser.load(origin + "/actuator/ipcpage")
				.await("workers", () -> assertThat(browser.text("#summary")).endsWith("· read only"));
			assertThat(browser.visible("[data-action]")).isZero();
			assertThat(browser.run("return innerWidth").asInt()).isEqualTo(360);
			JsonNode beyond = browser
				.run("const root = document.documentElement; return root.scrollWidth - root.clientWidth");
			assertThat(beyond.asInt()).isZero();
			assertThat(browser.run("return getComputedStyle(document.body).backgroundColor").asString())
				.isEqualTo("rgb(16, 20, 26)");
			browser.press("tr[data-slot='1'] .slot", ENTER);
			browser.await("details",
					() -> assertThat(browser.text("#worker-hidden")).contains("management.endpoint.ipc.show-output"));
			assertThat(browser.visible("#worker-threads")).isZero();
			assertThat(application.exchange(origin + "/actuator/ipc/default/1/threaddump", null, null).statusCode())
				.isEqualTo(403);
			assertThat(application.get(origin + "/actuator/ipc/default/1")).doesNotContain("lastLines");
			assertThat(browser.console()).isEmpty();
		}
	}

	private static List<String> texts(Browser browser, String selector) {
		JsonNode texts = browser
			.run("return [...document.querySelectorAll(arguments[0])].map((each) => each.innerText)", selector);
		return StreamSupport.stream(texts.spliterator(), false).map(JsonNode::asString).toList();
	}

	private static String hostileSlot(Browser browser) {
		return browser
			.run("""
					return [...document.querySelectorAll('tbody tr')]
						.find((row) => row.querySelector('.work b').innerText === arguments[0]).dataset.slot""",
					ManagementApplication.HOSTILE)
			.asString();
	}

	private static String pid(Browser browser, String slot) {
		return browser.text("tr[data-slot='" + slot + "'] td[data-label='Process']");
	}

}
