package io.ipcboot;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Ends itself in the way that its argument says.
 */
public final class ExitMain {

	private ExitMain() {
	}

	public static void main(String[] arguments) throws InterruptedException {
		JvmExit exit = new JvmExit();
		switch (arguments[0]) {
			case "in-order" -> {
				Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
				exit.exit(4, Duration.ofSeconds(30));
			}
			case "hook-hangs" -> {
				Runtime.getRuntime().addShutdownHook(new Thread(ExitMain::hang));
				exit.exit(5, Duration.ofMillis(300));
			}
			case "hook-exits" -> {
				Runtime.getRuntime().addShutdownHook(new Thread(() -> System.exit(9)));
				exit.exit(6, Duration.ofMillis(300));
			}
			case "earlier-deadline" -> {
				Runtime.getRuntime().addShutdownHook(new Thread(ExitMain::hang));
				exit.exit(7, Duration.ofSeconds(50));
				exit.exit(8, Duration.ofMillis(300));
			}
			case "later-deadline" -> {
				Runtime.getRuntime().addShutdownHook(new Thread(ExitMain::hang));
				exit.exit(7, Duration.ofMillis(300));
				exit.haltAfter(8, Duration.ofSeconds(50));
			}
			case "halt" -> exit.haltAfter(3, Duration.ofMillis(200));
			default -> throw new IllegalArgumentException(arguments[0]);
		}
		TimeUnit.DAYS.sleep(1);
	}

	private static void hang() {
		try {
			TimeUnit.DAYS.sleep(1);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
