package io.ipcboot.channel;

import java.io.IOException;
import java.util.Objects;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a parent knows of the messages of a worker that has ended.
 */
@Tag("opened")
class StartLedgerTests {

	@Test
	void tellsWhatWasStartedAndWhatWasRunning() throws IOException {
		StartLedger ledger = StartLedger.create();
		StartLedger.Notes notes = StartLedger.open(Objects.requireNonNull(ledger.handle()));
		notes.started().accept(6);
		notes.finished().accept(6);
		notes.started().accept(7);
		ledger.close();
		assertThat(ledger.lastStarted()).isEqualTo(7);
		assertThat(ledger.running()).isEqualTo(7);
	}

	@Test
	void nothingIsRunningOnceTheLastMessageIsFinished() throws IOException {
		StartLedger ledger = StartLedger.create();
		StartLedger.Notes notes = StartLedger.open(Objects.requireNonNull(ledger.handle()));
		notes.started().accept(7);
		notes.finished().accept(7);
		ledger.close();
		assertThat(ledger.lastStarted()).isEqualTo(7);
		assertThat(ledger.running()).isZero();
	}

	@Test
	void nothingWasStartedInANewLedger() {
		StartLedger ledger = StartLedger.create();
		ledger.close();
		assertThat(ledger.lastStarted()).isZero();
		assertThat(ledger.running()).isZero();
	}

	@Test
	void whatWasStartedIsUnknownIfTheLedgerCannotBeRead() {
		StartLedger ledger = StartLedger.create();
		ledger.close();
		ledger.close();
		assertThat(ledger.lastStarted()).isEqualTo(StartLedger.UNKNOWN);
		assertThat(ledger.running()).isZero();
	}

}
