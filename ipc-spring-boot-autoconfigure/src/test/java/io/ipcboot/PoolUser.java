package io.ipcboot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.ipcboot.channel.Background;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.Interceptors;
import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.messaging.PayloadConverter;
import io.ipcboot.messaging.RemoteHandlerException;
import io.ipcboot.messaging.Reply;
import io.ipcboot.pool.WorkerLostException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A worker that calls the pools of its parent, and does what such calls ask for.
 */
public final class PoolUser {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	/** As for requests of a web server: their threads run no listener. */
	private static final ExecutorService others = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "request");
		thread.setDaemon(true);
		return thread;
	});

	private static final List<Integer> seen = Collections.synchronizedList(new ArrayList<>());

	private static final AtomicInteger echoes = new AtomicInteger();

	private PoolUser() {
	}

	public static void main(String[] arguments) throws Exception {
		ParentProcess parent = ParentProcess.connect();
		PayloadConverter converter = new PayloadConverter(JsonMapper.builder().build(), 1024 * 1024);
		ForkDefaults defaults = new ForkDefaults(null, List.of(), List.of(), Map.of(), ChannelOptions.DEFAULT, TIMEOUT,
				TIMEOUT, Background.EXECUTOR, converter, new ListenerRegistry(), Interceptors.NONE);
		ChildProcessTemplate template = new ChildProcessTemplate(IpcRole.WORKER, defaults, ListenerMethods.standalone(),
				(event) -> {
				}, List.of());
		serve(parent);
		ask(parent, template);
		if (List.of(arguments).contains("--ask-first")) {
			System.out.println(outcome(template, new Request("web", "echo", "early")));
		}
		parent.ready();
	}

	private static void serve(ParentProcess parent) {
		parent.answer("echo", Object.class, (value) -> {
			echoes.incrementAndGet();
			return value;
		});
		parent.answer("echoes", Object.class, (nothing) -> echoes.get());
		parent.answer("fail", String.class, (text) -> {
			throw new IllegalStateException(text);
		});
		parent.answer("hang", String.class, PoolUser::hang);
		parent.answer("halt", String.class, (nothing) -> {
			System.out.println("halting");
			Runtime.getRuntime().halt(7);
			return null;
		});
		parent.listen("note", Integer.class, seen::add);
		parent.answer("notes", Object.class, (nothing) -> List.copyOf(seen));
	}

	/** Takes until it is interrupted, and leaves files that tell so. */
	private static String hang(String file) {
		try {
			Files.writeString(Path.of(file + ".started"), "");
			Thread.sleep(TIMEOUT.toMillis());
			return "not interrupted";
		}
		catch (InterruptedException ex) {
			try {
				Files.writeString(Path.of(file + ".interrupted"), "");
			}
			catch (IOException failure) {
				throw new UncheckedIOException(failure);
			}
			return "interrupted";
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void ask(ParentProcess parent, ChildProcessTemplate template) {
		parent.answer("request", Request.class,
				(request) -> CompletableFuture.supplyAsync(() -> outcome(template, request), others));
		parent.answer("nested", Request.class, (request) -> outcome(template, request));
		parent.answer("nested-to-parent", Request.class, (request) -> outcome(() -> new Reply<>(
				parent.call(request.destination(), request.payload(), Object.class), PeerId.process(-1))));
		parent.answer("request-and-cancel", Request.class, (request) -> CompletableFuture.supplyAsync(() -> {
			CompletableFuture<Object> call = spec(template, request).callAsync(Object.class);
			Path started = Path.of(request.payload() + ".started");
			while (!Files.exists(started)) {
				Thread.onSpinWait();
			}
			return call.cancel(true);
		}, others));
		parent.answer("send-in-order", Request.class, (request) -> CompletableFuture.supplyAsync(() -> {
			List<CompletableFuture<Void>> sent = new ArrayList<>();
			for (int i = 0; i < Integer.parseInt(request.payload()); i++) {
				sent.add(template.to(request.pool()).send(request.destination(), i));
			}
			sent.forEach(CompletableFuture::join);
			return sent.size();
		}, others));
		parent.answer("many", Request.class,
				(request) -> CompletableFuture.supplyAsync(() -> many(template, request), others));
		parent.answer("flood", Request.class, (request) -> {
			others.execute(() -> {
				for (int i = 0; i < 5000; i++) {
					spec(template, request).callAsync(Object.class);
				}
			});
			return null;
		});
		parent.answer("inspect", String.class, (pool) -> outcome(() -> {
			template.pool(pool).snapshot();
			return new Reply<>("", PeerId.process(-1));
		}));
	}

	/** Calls with numbers, each of which has to come back. Returns how many did. */
	private static int many(ChildProcessTemplate template, Request request) {
		int count = Integer.parseInt(request.payload());
		Semaphore window = new Semaphore(200);
		AtomicInteger right = new AtomicInteger();
		for (int i = 0; i < count; i++) {
			int number = i;
			window.acquireUninterruptibly();
			template.to(request.pool())
				.callAsync(request.destination(), number, Integer.class)
				.whenComplete((reply, ex) -> {
					right.addAndGet((reply != null && reply == number) ? 1 : 0);
					window.release();
				});
		}
		window.acquireUninterruptibly(200);
		return right.get();
	}

	private static MessageSpec spec(ChildProcessTemplate template, Request request) {
		MessageSpec spec = template.to(request.pool()).destination(request.destination()).message(request.payload());
		return (request.millis() > 0) ? spec.deadline(Duration.ofMillis(request.millis())) : spec;
	}

	private static Outcome outcome(ChildProcessTemplate template, Request request) {
		return outcome(() -> spec(template, request).callForReply(Object.class));
	}

	static Outcome outcome(Supplier<Reply<?>> call) {
		try {
			Reply<?> reply = call.get();
			return new Outcome(null, null, reply.from(), reply.body(), null);
		}
		catch (CompletionException ex) {
			return Outcome.of(ex.getCause());
		}
		catch (RuntimeException ex) {
			return Outcome.of(ex);
		}
	}

	/**
	 * What a worker is to call.
	 */
	public record Request(String pool, String destination, String payload, long millis) {

		public Request(String pool, String destination, String payload) {
			this(pool, destination, payload, 0);
		}

	}

	/**
	 * What became of it.
	 */
	public record Outcome(@Nullable String type, @Nullable String text, @Nullable PeerId peer, @Nullable Object value,
			@Nullable String detail) {

		static Outcome of(Throwable failure) {
			String detail = (failure instanceof RemoteHandlerException remote) ? remote.getRemoteType()
					: (failure instanceof WorkerLostException lost) ? lost.getLossCause() + " " + lost.getExit().code()
							+ " " + lost.getExit().lastLines() + " " + lost.mayHaveStarted() : null;
			return new Outcome(failure.getClass().getSimpleName(), failure.getMessage(),
					(failure instanceof IpcException ipc) ? ipc.getPeer() : null, null, detail);
		}

	}

}
