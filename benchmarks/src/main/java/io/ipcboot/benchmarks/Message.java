package io.ipcboot.benchmarks;

/**
 * A small object, about 100 bytes as JSON.
 *
 * @param number a number
 * @param text a text
 */
public record Message(int number, String text) {

	static final String TEXT = "x".repeat(76);

}
