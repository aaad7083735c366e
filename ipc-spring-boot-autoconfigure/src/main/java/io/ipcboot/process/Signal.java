package io.ipcboot.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * A signal of the operating system, signal(7). The numbers are those of Linux on x86 and
 * ARM; for everything but exit codes the name is what counts.
 */
public enum Signal {

	/** Hang-up; makes a JVM shut down. */
	HUP(1),

	/** Interrupt from the keyboard; makes a JVM shut down. */
	INT(2),

	/** Makes a JVM print its threads. */
	QUIT(3),

	/** Illegal instruction. */
	ILL(4),

	/** Trace trap. */
	TRAP(5),

	/** Abort; how a crashing JVM ends itself. */
	ABRT(6),

	/** Bus error. */
	BUS(7),

	/** Arithmetic error. */
	FPE(8),

	/** Ends a process at once; cannot be caught. */
	KILL(9),

	/** Free for the application's use. */
	USR1(10),

	/** Access to memory that is not there. */
	SEGV(11),

	/** Used by JVMs internally. */
	USR2(12),

	/** Write to a pipe that no process reads. */
	PIPE(13),

	/** Alarm clock. */
	ALRM(14),

	/** Request to end; makes a JVM shut down. */
	TERM(15),

	/** A process that this one started has ended or stopped. */
	CHLD(17),

	/** Continue after a stop. */
	CONT(18),

	/** Stop; cannot be caught. */
	STOP(19),

	/** Stop from the keyboard. */
	TSTP(20),

	/** Read from the terminal by a background process. */
	TTIN(21),

	/** Write to the terminal by a background process. */
	TTOU(22),

	/** Urgent data on a socket. */
	URG(23),

	/** CPU time limit exceeded. */
	XCPU(24),

	/** File size limit exceeded. */
	XFSZ(25),

	/** Virtual alarm clock. */
	VTALRM(26),

	/** Profiling timer. */
	PROF(27),

	/** Change of the size of the terminal. */
	WINCH(28),

	/** Input or output is possible. */
	IO(29),

	/** Power failure. */
	PWR(30),

	/** Invalid system call, or one that a sandbox forbids. */
	SYS(31);

	private final int number;

	Signal(int number) {
		this.number = number;
	}

	/**
	 * Return the signal with the given name.
	 * @param name a name such as {@code SIGTERM} or {@code TERM}, in any case
	 * @return the signal
	 * @throws IllegalArgumentException if there is no such signal
	 */
	public static Signal of(String name) {
		String plain = name.toUpperCase(Locale.ROOT);
		plain = plain.startsWith("SIG") ? plain.substring(3) : plain;
		for (Signal signal : values()) {
			if (signal.name().equals(plain)) {
				return signal;
			}
		}
		throw new IllegalArgumentException("There is no signal '" + name + "'");
	}

	/**
	 * Return the signal that a process with the given exit code was ended by: the code is
	 * then 128 plus the number, both for a process that the signal killed and for a JVM
	 * that shut down because of it.
	 */
	static @Nullable Signal fromExitCode(int code) {
		for (Signal signal : values()) {
			if (code == 128 + signal.number && signal.endsByDefault()) {
				return signal;
			}
		}
		return null;
	}

	/**
	 * Return whether the signal is a request to end a process, which reveals nothing
	 * about what the process was doing.
	 * @return {@code false} for signals of errors
	 */
	public boolean isRequest() {
		return switch (this) {
			case HUP, INT, QUIT, KILL, TERM -> true;
			default -> false;
		};
	}

	/**
	 * Return why the signal does not end a process. What a program that is not a JVM does
	 * with a signal is its own decision, unless no program can catch it.
	 * @param java whether the process is a JVM
	 * @param channel whether the process has a channel to this one
	 * @return what the process does instead, or {@code null} if the signal ends it
	 */
	public @Nullable String survival(boolean java, boolean channel) {
		if (this == STOP) {
			return "a process stops on it and does not end";
		}
		if (!java) {
			return null;
		}
		return switch (this) {
			case INT -> channel ? "a worker ignores it, because a terminal sends it to all processes on Ctrl-C" : null;
			case QUIT -> "a JVM prints its threads on it and goes on";
			case USR2 -> "a JVM uses it internally";
			case PIPE, XFSZ -> "a JVM ignores it";
			default -> endsByDefault() ? null : "a JVM does not end on it";
		};
	}

	/** Return whether the signal ends a process that does not handle it, signal(7). */
	private boolean endsByDefault() {
		return switch (this) {
			case CHLD, CONT, STOP, TSTP, TTIN, TTOU, URG, WINCH -> false;
			default -> true;
		};
	}

	/**
	 * Return whether a mask of the kernel contains the signal; the lowest bit of a mask
	 * is for number 1.
	 */
	boolean isIn(long mask) {
		return (mask >>> (this.number - 1) & 1) != 0;
	}

	/**
	 * Send the signal, unless the process has ended. Another process that has got the
	 * same process id since gets nothing.
	 * @param startTime when the process started, as {@link ProcessStatus#startTime}
	 * returns it
	 * @return whether it was delivered
	 */
	boolean sendTo(ProcessHandle process, @Nullable String startTime) {
		if (!process.isAlive()) {
			return false;
		}
		return switch (this) {
			// the JDK compares the start times too
			case TERM -> process.destroy();
			case KILL -> process.destroyForcibly();
			default -> sendWithKillCommand(process.pid(), startTime);
		};
	}

	/**
	 * Send a signal that the JDK cannot send. Every shell has the command, but not every
	 * system has a program of that name. The shell itself looks when the process started,
	 * because it takes a while to start.
	 */
	private boolean sendWithKillCommand(long pid, @Nullable String startTime) {
		String check = (startTime != null) ? "read -r stat < /proc/" + pid + "/stat && set -- ${stat##*) } && [ \"${"
				+ (ProcessStatus.START_TIME + 1) + "}\" = " + startTime + " ] && " : "";
		try {
			Process kill = new ProcessBuilder("sh", "-c", check + "kill -s " + name() + " " + pid)
				.redirectOutput(Redirect.DISCARD)
				.redirectError(Redirect.DISCARD)
				.start();
			return kill.waitFor(5, TimeUnit.SECONDS) && kill.exitValue() == 0;
		}
		catch (IOException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	@Override
	public String toString() {
		return "SIG" + name();
	}

}
