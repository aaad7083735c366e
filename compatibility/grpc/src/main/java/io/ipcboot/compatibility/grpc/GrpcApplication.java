package io.ipcboot.compatibility.grpc;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * An application with a gRPC service.
 */
@SpringBootApplication
public class GrpcApplication {

	static final MethodDescriptor<String, String> GREET = MethodDescriptor.newBuilder(new Text(), new Text())
		.setType(MethodDescriptor.MethodType.UNARY)
		.setFullMethodName("Greetings/greet")
		.build();

	public static void main(String[] args) {
		SpringApplication.run(GrpcApplication.class, args);
	}

	@Bean
	BindableService greetings() {
		return () -> ServerServiceDefinition.builder("Greetings")
			.addMethod(GREET, ServerCalls.asyncUnaryCall((name, observer) -> {
				observer.onNext("Hello " + name);
				observer.onCompleted();
			}))
			.build();
	}

	private static class Text implements MethodDescriptor.Marshaller<String> {

		@Override
		public InputStream stream(String value) {
			return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
		}

		@Override
		public String parse(InputStream stream) {
			try {
				return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
