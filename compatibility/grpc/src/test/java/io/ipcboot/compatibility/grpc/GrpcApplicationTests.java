package io.ipcboot.compatibility.grpc;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.ipcboot.compatibility.ApplicationTests;
import io.ipcboot.compatibility.Mode;
import io.ipcboot.compatibility.RunningApplication;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class GrpcApplicationTests extends ApplicationTests {

	@Test
	void theParentOpensThePortOnce() throws Exception {
		try (RunningApplication application = start(GrpcApplication.class, Mode.POOL, "--spring.grpc.server.port=0")
			.withOtherPorts(1)) {
			ManagedChannel channel = ManagedChannelBuilder
				.forAddress("localhost", application.facts().parent().ports().get(0))
				.usePlaintext()
				.build();
			assertThat(ClientCalls.blockingUnaryCall(channel, GrpcApplication.GREET, CallOptions.DEFAULT, "Ada"))
				.isEqualTo("Hello Ada");
			channel.shutdownNow();
		}
	}

}
