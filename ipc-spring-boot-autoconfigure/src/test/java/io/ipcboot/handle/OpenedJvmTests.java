package io.ipcboot.handle;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/**
 * What must hold in every JVM, in one where {@code sun.nio.ch} is open.
 */
@Tag("opened")
class OpenedJvmTests {

	@Nested
	class ListenerSending extends ListenerSendingTests {

	}

	@Nested
	class ConnectionSending extends ConnectionSendingTests {

	}

	@Nested
	class DatagramSending extends DatagramSendingTests {

	}

	@Nested
	class UnixSending extends UnixSendingTests {

	}

	@Nested
	class FileSending extends FileSendingTests {

	}

	@Nested
	class ConnectionRelease extends ConnectionReleaseTests {

	}

	@Nested
	class SharedListener extends SharedListenerTests {

	}

	@Nested
	class Adoption extends AdoptionTests {

	}

	@Nested
	class InvalidHandle extends InvalidHandleTests {

	}

	@Nested
	class DescriptorLeak extends DescriptorLeakTests {

	}

	@Nested
	class GarbageCollection extends GarbageCollectionTests {

	}

	@Nested
	class PreferIpv4 extends PreferIpv4Tests {

	}

	@Nested
	class HandleSocket extends HandleSocketTests {

	}

	@Nested
	class JunixsocketSending extends JunixsocketSendingTests {

	}

}
