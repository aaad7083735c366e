package io.ipcboot.compatibility.management;

import java.io.IOException;

import io.ipcboot.compatibility.ApplicationTests;
import io.ipcboot.compatibility.Mode;
import io.ipcboot.compatibility.ProcessFacts;
import io.ipcboot.compatibility.RunningApplication;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tests of an application with a pool and a management port of its own.
 */
abstract class ManagedApplicationTests extends ApplicationTests {

	private final String endpoints;

	private @Nullable String management;

	/**
	 * @param endpoints the endpoints that are exposed
	 */
	ManagedApplicationTests(String endpoints) {
		this.endpoints = endpoints;
	}

	RunningApplication startManaged(String... arguments) throws IOException {
		String[] all = new String[arguments.length + 2];
		System.arraycopy(arguments, 0, all, 2, arguments.length);
		all[0] = "--management.server.port=0";
		all[1] = "--management.endpoints.web.exposure.include=" + this.endpoints;
		return start(ManagementApplication.class, Mode.POOL, all).withOtherPorts(1);
	}

	/** While workers end, the application has no facts for some time. */
	String management(RunningApplication application) {
		if (this.management == null) {
			this.management = origin(application.facts().parent());
		}
		return this.management;
	}

	static String origin(ProcessFacts parent) {
		return "http://127.0.0.1:"
				+ parent.ports().stream().filter((port) -> !port.equals(parent.port())).findAny().get();
	}

	JsonNode read(RunningApplication application, String path) {
		return JsonMapper.shared().readTree(application.get(management(application) + path));
	}

	double meter(RunningApplication application, String query) {
		return read(application, "/actuator/metrics/" + query).at("/measurements/0/value").asDouble();
	}

}
