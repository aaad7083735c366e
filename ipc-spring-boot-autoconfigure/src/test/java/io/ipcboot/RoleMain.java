package io.ipcboot;

import java.io.IOException;

/**
 * Says what it believes to be.
 */
public final class RoleMain {

	private RoleMain() {
	}

	public static void main(String[] arguments) {
		System.out.println("role " + IpcRole.current());
		for (int attempt = 0; attempt < 2; attempt++) {
			try {
				System.out.println("connected to " + ParentProcess.connect());
			}
			catch (IOException ex) {
				System.out.println(ex.getMessage());
			}
		}
	}

}
