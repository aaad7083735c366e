package io.ipcboot.demo.thumbnails;

import java.io.IOException;

import io.ipcboot.IpcRole;
import io.ipcboot.autoconfigure.ConditionalOnIpcRole;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * Takes requests in a worker, if workers serve HTTP, and does the work in place.
 */
@RestController
@ConditionalOnIpcRole(IpcRole.WORKER)
class LocalThumbnailController {

	private final ThumbnailListener thumbnails;

	LocalThumbnailController(ThumbnailListener thumbnails) {
		this.thumbnails = thumbnails;
	}

	@PostMapping(path = "/thumbnails", consumes = "image/*")
	ResponseEntity<byte[]> thumbnail(@RequestBody byte[] photo) throws IOException {
		return ResponseEntity.ok()
			.contentType(MediaType.IMAGE_JPEG)
			.header("Worker-Pid", Long.toString(ProcessHandle.current().pid()))
			.body(this.thumbnails.render(photo));
	}

}
