package io.ipcboot.pool;

import io.ipcboot.channel.PeerId;

/**
 * Starts members without holding up the loop, and reports on the loop what happens to
 * them.
 */
final class Launcher {

	private final String pool;

	private final Member.Fleet fleet;

	private final SupervisorLoop loop;

	Launcher(String pool, Member.Fleet fleet, SupervisorLoop loop) {
		this.pool = pool;
		this.fleet = fleet;
		this.loop = loop;
	}

	/**
	 * Start a member. Returns at once.
	 */
	void launch(Tenure tenure, Listener listener) {
		int slot = (tenure.slot != null) ? tenure.slot.number : -1;
		this.loop.offload(() -> {
			try {
				Member member = this.fleet.start(slot,
						(event) -> this.loop.execute(() -> report(tenure, event, listener)));
				this.loop.execute(() -> listener.begun(tenure, member));
			}
			catch (WorkerStartException ex) {
				failed(tenure, ex, listener);
			}
			catch (RuntimeException | Error ex) {
				failed(tenure, new WorkerStartException(new PeerId(this.pool, slot, -1), "the start failed: " + ex, ex),
						listener);
			}
		});
	}

	private static void report(Tenure tenure, Member.Event event, Listener listener) {
		if (event instanceof Member.Ready ready) {
			listener.ready(tenure, ready.member());
		}
		else if (event instanceof Member.Leaving) {
			listener.leaving(tenure);
		}
		else if (event instanceof Member.Exited exited) {
			listener.exited(tenure, exited);
		}
	}

	private void failed(Tenure tenure, WorkerStartException failure, Listener listener) {
		Member.Exited exit = new Member.Exited(false, String.valueOf(failure.getMessage()), failure);
		this.loop.execute(() -> listener.exited(tenure, exit));
	}

	/**
	 * Is told on the loop.
	 */
	interface Listener {

		/** The process of a member runs. */
		void begun(Tenure tenure, Member member);

		/** A member takes messages. */
		void ready(Tenure tenure, Member member);

		/** A member leaves by itself. */
		void leaving(Tenure tenure);

		/** A member has ended, or could not be started. */
		void exited(Tenure tenure, Member.Exited exit);

	}

}
