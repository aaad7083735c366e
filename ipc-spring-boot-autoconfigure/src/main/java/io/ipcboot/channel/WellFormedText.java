package io.ipcboot.channel;

/**
 * Recognizes what UTF-8 cannot express: half of a surrogate pair, which a conversion
 * would replace by a question mark.
 */
public final class WellFormedText {

	private WellFormedText() {
	}

	/**
	 * Return whether a text arrives as it is in UTF-8.
	 * @param text the text
	 * @return {@code false} if it contains half of a surrogate pair
	 */
	public static boolean isWellFormed(String text) {
		return indexOfHalf(text) < 0;
	}

	/**
	 * Require a text that arrives as it is in UTF-8.
	 * @param what what the text is, for the message
	 * @param text the text
	 * @throws IllegalArgumentException if it contains half of a surrogate pair
	 */
	public static void require(String what, String text) {
		int index = indexOfHalf(text);
		if (index >= 0) {
			throw new IllegalArgumentException("%s has half of a surrogate pair (U+%04X) at index %,d".formatted(what,
					(int) text.charAt(index), index));
		}
	}

	private static int indexOfHalf(String text) {
		int length = text.length();
		for (int i = 0; i < length; i++) {
			char next = text.charAt(i);
			if (!Character.isSurrogate(next)) {
				continue;
			}
			if (Character.isLowSurrogate(next) || i + 1 == length || !Character.isLowSurrogate(text.charAt(i + 1))) {
				return i;
			}
			i++;
		}
		return -1;
	}

}
