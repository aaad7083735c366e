package io.ipcboot.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * The observations of messages and calls, with their keys and events. Keys of low
 * cardinality are always there, with the value {@code none} if there is nothing to say.
 */
public enum IpcObservationDocumentation implements ObservationDocumentation {

	/**
	 * A message or call that this process sends: from the moment of sending until the
	 * outcome is known.
	 */
	CLIENT {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultIpcClientObservationConvention.class;
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return HighCardinalityKeyNames.values();
		}

		@Override
		public Observation.Event[] getEvents() {
			return Events.values();
		}

	},

	/**
	 * The run of a listener of this process: from its start until the reply is there.
	 */
	LISTENER {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultIpcListenerObservationConvention.class;
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return new KeyName[] { HighCardinalityKeyNames.SLOT, HighCardinalityKeyNames.PID };
		}

	};

	@Override
	public KeyName[] getLowCardinalityKeyNames() {
		return LowCardinalityKeyNames.values();
	}

	/**
	 * Keys of timers and spans.
	 */
	public enum LowCardinalityKeyNames implements KeyName {

		/** Always {@code ipc}. */
		SYSTEM {

			@Override
			public String asString() {
				return "messaging.system";
			}

		},

		/** {@code call}, {@code send} or {@code handle}. */
		OPERATION {

			@Override
			public String asString() {
				return "messaging.operation";
			}

		},

		/** Destination, or {@code other} if there are too many. */
		DESTINATION {

			@Override
			public String asString() {
				return "messaging.destination.name";
			}

		},

		/** Pool of the worker at one of the ends. */
		POOL {

			@Override
			public String asString() {
				return "ipc.pool";
			}

		},

		/** What became of the message or call. */
		OUTCOME {

			@Override
			public String asString() {
				return "outcome";
			}

		}

	}

	/**
	 * Keys of spans only.
	 */
	public enum HighCardinalityKeyNames implements KeyName {

		/** Slot of the worker at one of the ends. */
		SLOT {

			@Override
			public String asString() {
				return "ipc.slot";
			}

		},

		/** Process id of the worker at one of the ends. */
		PID {

			@Override
			public String asString() {
				return "ipc.pid";
			}

		},

		/** How many times the message or call was given to a process. */
		ATTEMPT {

			@Override
			public String asString() {
				return "ipc.attempt";
			}

		}

	}

	/**
	 * Events of {@link #CLIENT}.
	 */
	public enum Events implements Observation.Event {

		/** A process is about to get the message or call. */
		ATTEMPT {

			@Override
			public String getName() {
				return "attempt";
			}

			@Override
			public String getContextualName() {
				return "given to %s";
			}

		}

	}

}
