package io.ipcboot.benchmarks.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The load generator wrk.
 */
final class Wrk {

	private static final int CONNECTIONS = Integer.getInteger("connections", 32);

	private Wrk() {
	}

	/**
	 * Generate load.
	 * @param service the service to load
	 * @param keepAlive whether connections are kept
	 * @param seconds how long to generate load
	 * @return the measurement
	 */
	static Result run(Service service, boolean keepAlive, int seconds) throws IOException {
		Duration before = service.cpu();
		List<String> command = new ArrayList<>(
				List.of("wrk", "-t1", "-c" + CONNECTIONS, "-d" + seconds + "s", "--latency"));
		if (!keepAlive) {
			command.addAll(List.of("-H", "Connection: close"));
		}
		command.add(service.url());
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		double requests = 0;
		double rate = 0;
		double median = 0;
		double late = 0;
		String errors = "";
		try (BufferedReader lines = process.inputReader()) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				String[] words = line.trim().split("\\s+");
				if (words[0].equals("50%")) {
					median = millis(words[1]);
				}
				else if (words[0].equals("99%")) {
					late = millis(words[1]);
				}
				else if (words.length > 2 && words[1].equals("requests") && words[2].equals("in")) {
					requests = Double.parseDouble(words[0]);
				}
				else if (words[0].equals("Requests/sec:")) {
					rate = Double.parseDouble(words[1]);
				}
				else if (words[0].equals("Socket") || words[0].equals("Non-2xx")) {
					errors = line.trim();
				}
			}
		}
		double cpu = service.cpu().minus(before).toNanos() / 1000.0 / Math.max(1, requests);
		return new Result(rate, median, late, cpu, errors);
	}

	private static double millis(String text) {
		String number = text.replaceAll("[a-z]+$", "");
		double value = Double.parseDouble(number);
		return switch (text.substring(number.length()).toLowerCase(Locale.ROOT)) {
			case "us" -> value / 1000;
			case "s" -> value * 1000;
			case "m" -> value * 60_000;
			default -> value;
		};
	}

	/**
	 * A measurement.
	 *
	 * @param rate requests per second
	 * @param median the latency that half of the requests have, in milliseconds
	 * @param late the latency that one request in a hundred exceeds, in milliseconds
	 * @param cpu the processor time of a request, in microseconds; it hardly depends on
	 * what else the machine does
	 * @param errors the errors that wrk reports
	 */
	record Result(double rate, double median, double late, double cpu, String errors) {

	}

}
