package io.ipcboot.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.ipcboot.ChildProcess;
import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.ForkOptions;
import io.ipcboot.IpcListener;
import io.ipcboot.IpcRole;
import io.ipcboot.ParentProcess;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Positive;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.core.env.Environment;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The application that tests fork from a test run.
 */
@SpringBootApplication
@EnableScheduling
public class WorkerTestApplication {

	static final AtomicInteger runs = new AtomicInteger();

	static final AtomicInteger schedules = new AtomicInteger();

	public static void main(String[] args) {
		SpringApplication.run(WorkerTestApplication.class, args);
	}

	@Bean
	ApplicationRunner applicationRunner() {
		return (arguments) -> runs.incrementAndGet();
	}

	@Bean
	CommandLineRunner commandLineRunner() {
		return (arguments) -> runs.incrementAndGet();
	}

	@Scheduled(fixedDelay = 10)
	void scheduled() {
		schedules.incrementAndGet();
	}

	record Order(String customer, @Positive int amount, LocalDate day) {

	}

	@Component
	static class WorkerSide {

		private final ChildProcessTemplate template;

		private final ParentProcess parent;

		private final Environment environment;

		WorkerSide(ChildProcessTemplate template, ParentProcess parent, Environment environment) {
			this.template = template;
			this.parent = parent;
			this.environment = environment;
		}

		@IpcListener("pid")
		long pid() {
			return ProcessHandle.current().pid();
		}

		@IpcListener("property")
		String property(String name) {
			return this.environment.getProperty(name);
		}

		@IpcListener("read")
		void read(InputStream stream) throws IOException {
			stream.close();
		}

		@IpcListener("facts")
		Map<String, Object> facts() {
			Map<String, Object> facts = new TreeMap<>();
			facts.put("role", IpcRole.current());
			facts.put("profiles", List.of(this.environment.getActiveProfiles()));
			facts.put("runs", runs.get());
			facts.put("schedules", schedules.get());
			facts.put("archives", Archive.archives.get());
			facts.put("self", this.parent.self().toString());
			facts.put("virtual", Thread.currentThread().getClass().getName());
			return facts;
		}

		@IpcListener("order")
		Order order(@Valid @Payload Order order) {
			return new Order(order.customer() + "!", order.amount() + 1, order.day().plusDays(1));
		}

		@IpcListener("fork")
		void fork() {
			this.template.fork(ForkOptions.sameApplication());
		}

		@IpcListener(destination = "pools", concurrency = 2)
		Set<String> pools() {
			return this.template.pools();
		}

		@IpcListener(destination = "pid-of-pool", concurrency = 2)
		long pidOfPool() {
			return this.template.call("pid-again", null, Long.class);
		}

		@IpcListener(destination = "send-to-pool", concurrency = 2)
		CompletableFuture<Void> sendToPool(String destination) {
			return this.template.destination(destination).message("no handle").send();
		}

		@IpcListener(destination = "pid-again", concurrency = 2)
		long pidAgain() {
			return ProcessHandle.current().pid();
		}

		@IpcListener("progress-in-parent")
		int progress(int steps, ParentProcess sender) {
			for (int i = 1; i <= steps; i++) {
				sender.emit("progress", i, steps);
			}
			return sender.call("confirm", null, Integer.class);
		}

		@IpcListener("call-parent")
		String callParent(String destination) {
			return this.parent.call(destination, null, String.class);
		}

	}

	@Component
	@Scope(BeanDefinition.SCOPE_PROTOTYPE)
	static class Visitor {

		private static final AtomicInteger visitors = new AtomicInteger();

		private final int number = visitors.incrementAndGet();

		@IpcListener("visitor")
		int number() {
			return this.number;
		}

	}

	@Component
	@Lazy
	static class Archive {

		private static final AtomicInteger archives = new AtomicInteger();

		private final int number = archives.incrementAndGet();

		@IpcListener("archives")
		int number() {
			return this.number;
		}

	}

	@Component
	@ConditionalOnIpcRole(IpcRole.PARENT)
	static class ParentSide {

		final List<String> progress = new CopyOnWriteArrayList<>();

		@IpcListener("progress")
		void progress(int step, int steps, ChildProcess sender) {
			this.progress.add(step + "/" + steps + " from " + sender.pid());
		}

		@IpcListener("confirm")
		int confirm() {
			return new ArrayList<>(this.progress).size();
		}

		@IpcListener(destination = "for-this-pool", from = { "others", "${pool.of.the.test:default}" })
		String forThisPool() {
			return "welcome";
		}

		@IpcListener(destination = "for-others", from = "others")
		String forOthers() {
			return "unexpected";
		}

	}

	@Component
	@ConditionalOnIpcRole(IpcRole.WORKER)
	static class OnlyInWorkers {

		@IpcListener("only-in-workers")
		String here() {
			return "here";
		}

	}

}
