package io.ipcboot.docs.firststeps;

// tag::handler[]
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

import io.ipcboot.IpcListener;

import org.springframework.stereotype.Component;

@Component
class Unpacker {

	@IpcListener("unpack")
	int unpack(byte[] file) throws IOException {
		return new GZIPInputStream(new ByteArrayInputStream(file)).readAllBytes().length;
	}

}
// end::handler[]
