package io.ipcboot;

import java.io.IOException;

/**
 * A process that does nothing but be there.
 */
public final class SmallChild {

	private SmallChild() {
	}

	public static void main(String[] arguments) throws IOException {
		ParentProcess.connect().ready();
	}

}
