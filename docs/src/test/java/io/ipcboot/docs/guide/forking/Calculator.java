package io.ipcboot.docs.guide.forking;

// tag::main[]
import java.io.IOException;
import java.util.stream.IntStream;

import io.ipcboot.ParentProcess;

public class Calculator {

	public static void main(String[] args) throws IOException {
		ParentProcess parent = ParentProcess.connect(); // <1>
		parent.answer("sum", int[].class, (numbers) -> IntStream.of(numbers).sum());
		parent.onMessage(String.class, (name) -> parent.send("hello, " + name));
		parent.ready(); // <2>
		parent.onDisconnect().join(); // <3>
	}

}
// end::main[]
