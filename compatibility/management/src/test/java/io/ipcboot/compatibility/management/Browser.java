package io.ipcboot.compatibility.management;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A Chromium without a window, controlled through the WebDriver protocol.
 */
final class Browser implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	/** As long as a browser may take to start on a busy machine. */
	private static final Duration REQUEST_PATIENCE = Duration.ofMinutes(2);

	private final HttpClient client = HttpClient.newHttpClient();

	private final Process driver;

	private String session;

	private Browser(Process driver, int port) {
		this.driver = driver;
		this.session = "http://127.0.0.1:" + port;
	}

	/** Return the driver of Chromium, if it is installed. */
	static Optional<Path> driver() {
		return Stream.of(System.getenv("PATH").split(":"))
			.map((directory) -> Path.of(directory, "chromedriver"))
			.filter(Files::isExecutable)
			.findFirst();
	}

	/**
	 * Start a browser.
	 * @param directory where it may write
	 * @param dark whether it prefers dark colors
	 */
	static Browser start(Path directory, int width, int height, boolean dark) throws IOException {
		Path output = directory.resolve("chromedriver.txt");
		ProcessBuilder builder = new ProcessBuilder(driver().orElseThrow().toString(), "--port=0")
			.redirectErrorStream(true)
			.redirectOutput(output.toFile());
		builder.environment().put("TMPDIR", directory.toString());
		builder.environment().put("HOME", directory.toString());
		Process driver = builder.start();
		try {
			String started = "started successfully on port ";
			Awaitility.await("driver")
				.atMost(PATIENCE)
				.until(() -> Files.readString(output).lines().anyMatch((line) -> line.contains(started)));
			String line = Files.readString(output).lines().filter((each) -> each.contains(started)).findFirst().get();
			Browser browser = new Browser(driver,
					Integer.parseInt(line.substring(line.indexOf(started) + started.length()).replace(".", "").trim()));
			browser.open(directory, width, height, dark);
			return browser;
		}
		catch (Throwable ex) {
			end(driver);
			throw ex;
		}
	}

	private void open(Path directory, int width, int height, boolean dark) {
		List<String> arguments = List.of("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
				"--no-first-run", "--disable-background-networking", "--disable-component-update",
				"--user-data-dir=" + directory.resolve("chromium"), "--window-size=" + width + "," + height);
		Map<String, Object> capabilities = Map.of("goog:chromeOptions", Map.of("args", arguments), "goog:loggingPrefs",
				Map.of("browser", "ALL", "performance", "ALL"));
		this.session += "/session/"
				+ request("/session", Map.of("capabilities", Map.of("alwaysMatch", capabilities))).at("/sessionId")
					.asString();
		devTools("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
		resize(width, height);
	}

	Browser resize(int width, int height) {
		devTools("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
		return this;
	}

	Browser load(String address) {
		request("/url", Map.of("url", address));
		return this;
	}

	/** Run a script in the page, and return its result. */
	JsonNode run(String script, Object... arguments) {
		return request("/execute/sync", Map.of("script", script, "args", List.of(arguments)));
	}

	/** Return the text that a user sees in the first element that is found. */
	String text(String selector) {
		return run("return document.querySelector(arguments[0])?.innerText ?? ''", selector).asString();
	}

	/** Return the number of elements that a user sees. */
	int visible(String selector) {
		return run("return [...document.querySelectorAll(arguments[0])]"
				+ ".filter((each) => each.checkVisibility({ visibilityProperty: true })).length", selector)
			.asInt();
	}

	/** Click where a user would click: an element that is covered is not hit. */
	Browser click(String selector) {
		request("/element/" + element(selector) + "/click", Map.of());
		return this;
	}

	/** Press keys. */
	Browser press(String selector, String keys) {
		request("/element/" + element(selector) + "/value", Map.of("text", keys));
		return this;
	}

	private String element(String selector) {
		JsonNode element = request("/element", Map.of("using", "css selector", "value", selector));
		return element.properties().iterator().next().getValue().asString();
	}

	/** Wait for something to be true. */
	Browser await(String what, Runnable assertion) {
		Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).untilAsserted(assertion::run);
		return this;
	}

	/** Return what the page and the browser have put on the console. */
	List<String> console() {
		return log("browser").map((entry) -> entry.at("/message").asString()).toList();
	}

	/** Return the addresses that a page has requested, but for what is part of it. */
	List<String> requestsOf(String page) {
		return log("performance")
			.map((entry) -> JsonMapper.shared().readTree(entry.at("/message").asString()).at("/message"))
			.filter((message) -> message.at("/method").asString().equals("Network.requestWillBeSent"))
			.filter((message) -> message.at("/params/documentURL").asString().equals(page))
			.map((message) -> message.at("/params/request/url").asString())
			.filter((address) -> !address.startsWith("data:"))
			.toList();
	}

	private Stream<JsonNode> log(String type) {
		return StreamSupport.stream(request("/se/log", Map.of("type", type)).spliterator(), false);
	}

	/** Return a picture of the page in the format PNG. */
	byte[] screenshot() {
		return Base64.getDecoder()
			.decode(devTools("Page.captureScreenshot", Map.of("format", "png")).at("/data").asString());
	}

	private JsonNode devTools(String command, Map<String, ?> parameters) {
		return request("/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
	}

	private JsonNode request(String path, @Nullable Object body) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.session + path)).timeout(REQUEST_PATIENCE);
		request = (body != null)
				? request.POST(HttpRequest.BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body)))
				: request.DELETE();
		try {
			HttpResponse<String> response = this.client.send(request.build(), HttpResponse.BodyHandlers.ofString());
			assertThat(response.statusCode()).as(path + ": " + response.body()).isEqualTo(200);
			return JsonMapper.shared().readTree(response.body()).at("/value");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		try {
			request("", null);
		}
		finally {
			end(this.driver);
		}
	}

	/** The browser has processes that outlive its driver. */
	private static void end(Process driver) {
		List<ProcessHandle> all = Stream.concat(driver.descendants(), Stream.of(driver.toHandle())).toList();
		all.forEach(ProcessHandle::destroyForcibly);
		all.forEach((process) -> process.onExit().join());
	}

}
