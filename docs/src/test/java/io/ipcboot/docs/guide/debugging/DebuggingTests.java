package io.ipcboot.docs.guide.debugging;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.Location;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.BreakpointRequest;
import io.ipcboot.ChildProcess;
import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.docs.guide.GuideApplication;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ActiveProfiles;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Debugs a worker with the configuration of the page "Debug a listener".
 */
@Tag("process")
@Timeout(120)
@SpringBootTest(classes = GuideApplication.class, properties = "spring.config.location=classpath:/snippets/debugging/")
@ActiveProfiles("debug")
@DirtiesContext
class DebuggingTests {

	private static final Pattern ADDRESS = Pattern.compile("Listening for transport dt_socket at address: (\\d+)");

	@Autowired
	private ChildProcessTemplate workers;

	@Test
	void aBreakpointHoldsTheListener() throws Exception {
		ChildProcess process = this.workers.workers("default").get(0);
		VirtualMachine worker = attach(process.lastLines());
		try {
			Location listener = worker.classesByName("io.ipcboot.docs.guide.supervision.Dictionary")
				.get(0)
				.methodsByName("lookUp")
				.get(0)
				.location();
			BreakpointRequest breakpoint = worker.eventRequestManager().createBreakpointRequest(listener);
			breakpoint.enable();
			CompletableFuture<Long> call = this.workers.callAsync("look-up", "word", Long.class);
			EventSet events = worker.eventQueue().remove();
			assertThat(events).singleElement().isInstanceOf(BreakpointEvent.class);
			assertThat(call).isNotDone();
			breakpoint.disable();
			events.resume();
			assertThat(call).succeedsWithin(Duration.ofSeconds(60)).isEqualTo(process.pid());
		}
		finally {
			worker.dispose();
		}
	}

	private static VirtualMachine attach(List<String> output) throws Exception {
		Matcher address = output.stream().map(ADDRESS::matcher).filter(Matcher::find).findFirst().orElseThrow();
		AttachingConnector connector = Bootstrap.virtualMachineManager()
			.attachingConnectors()
			.stream()
			.filter((candidate) -> candidate.name().equals("com.sun.jdi.SocketAttach"))
			.findFirst()
			.orElseThrow();
		Map<String, Connector.Argument> arguments = connector.defaultArguments();
		arguments.get("hostname").setValue("localhost");
		arguments.get("port").setValue(address.group(1));
		return connector.attach(arguments);
	}

}
