package io.ipcboot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.Set;

import io.ipcboot.IpcRole;
import io.ipcboot.ParentProcess;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationContextInitializedEvent;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.boot.context.event.ApplicationStartingEvent;
import org.springframework.boot.context.event.SpringApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;

/**
 * Connects a worker to its parent before anything else, so that the worker ends with its
 * parent even while it starts, and reports to the parent if it cannot start.
 */
class WorkerBootstrap implements ApplicationListener<SpringApplicationEvent>, Ordered {

	@Override
	public void onApplicationEvent(SpringApplicationEvent event) {
		if (IpcRole.current() != IpcRole.WORKER) {
			return;
		}
		try {
			ParentProcess parent = ParentProcess.connect();
			if (event instanceof ApplicationStartingEvent) {
				activateProfiles(event.getSpringApplication(), parent);
			}
			if (event instanceof ApplicationContextInitializedEvent initialized) {
				ConnectionDetailsImport.into(initialized.getApplicationContext(), parent.hello().properties());
			}
			if (event instanceof ApplicationFailedEvent failed) {
				FailedStart.endJvm();
				parent.leave(String.valueOf(NestedExceptionUtils.getMostSpecificCause(failed.getException())));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void activateProfiles(SpringApplication application, ParentProcess parent) {
		Set<String> profiles = new LinkedHashSet<>(application.getAdditionalProfiles());
		profiles.addAll(parent.hello().profiles());
		application.setAdditionalProfiles(profiles.toArray(String[]::new));
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
