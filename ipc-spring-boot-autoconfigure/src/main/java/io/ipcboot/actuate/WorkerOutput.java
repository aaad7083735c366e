package io.ipcboot.actuate;

import java.util.List;
import java.util.Set;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;

/**
 * What callers of the endpoint may see of the output of workers, in which an application
 * may print anything. Each line is sanitized like the value of a property.
 */
public final class WorkerOutput {

	/** The name of what is sanitized. */
	static final String KEY = "ipc.output";

	private final Show show;

	private final Set<String> roles;

	private final Sanitizer sanitizer;

	/**
	 * Create the rule.
	 * @param show when output is shown
	 * @param roles the roles of those who are authorized; if empty, all authenticated
	 * callers are
	 * @param functions replace what nobody is to see
	 */
	public WorkerOutput(Show show, Set<String> roles, Iterable<SanitizingFunction> functions) {
		this.show = show;
		this.roles = Set.copyOf(roles);
		this.sanitizer = new Sanitizer(functions);
	}

	boolean isShownTo(SecurityContext caller) {
		return this.show.isShown(caller, this.roles);
	}

	List<String> sanitize(List<String> lines) {
		return lines.stream()
			.map((line) -> String.valueOf(this.sanitizer.sanitize(new SanitizableData(null, KEY, line), true)))
			.toList();
	}

}
