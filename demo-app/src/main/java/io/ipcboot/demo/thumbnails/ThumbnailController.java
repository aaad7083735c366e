package io.ipcboot.demo.thumbnails;

import java.io.IOException;
import java.time.Duration;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.IpcRole;
import io.ipcboot.autoconfigure.ConditionalOnIpcRole;
import io.ipcboot.demo.DemoProperties;
import io.ipcboot.messaging.Reply;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Takes requests in the parent and has the work done in workers.
 */
@RestController
@ConditionalOnIpcRole(IpcRole.PARENT)
class ThumbnailController {

	private static final Duration THUMBNAIL_DEADLINE = Duration.ofSeconds(10);

	private static final Duration CRASH_DEADLINE = Duration.ofSeconds(5);

	private final ChildProcessTemplate workers;

	private final DataSize maxPhotoSize;

	ThumbnailController(ChildProcessTemplate workers, DemoProperties properties) {
		this.workers = workers;
		this.maxPhotoSize = properties.maxPhotoSize();
	}

	@PostMapping(path = "/thumbnails", consumes = "image/*")
	ResponseEntity<byte[]> thumbnail(HttpServletRequest request) throws IOException {
		Reply<byte[]> thumbnail = this.workers.destination("thumbnail")
			.message(readPhoto(request))
			.deadline(THUMBNAIL_DEADLINE)
			.callForReply(byte[].class);
		return ResponseEntity.ok()
			.contentType(MediaType.IMAGE_JPEG)
			.header("Worker-Pid", Long.toString(thumbnail.from().pid()))
			.body(thumbnail.body());
	}

	@PostMapping("/crash")
	void crash(@RequestParam CrashMode how) {
		this.workers.destination("crash").message(how).deadline(CRASH_DEADLINE).call(Void.class);
	}

	private byte[] readPhoto(HttpServletRequest request) throws IOException {
		int limit = Math.toIntExact(this.maxPhotoSize.toBytes());
		if (request.getContentLengthLong() <= limit) {
			byte[] photo = request.getInputStream().readNBytes(limit + 1);
			if (photo.length <= limit) {
				return photo;
			}
		}
		throw new ResponseStatusException(HttpStatus.CONTENT_TOO_LARGE,
				"A photo may have at most %d MB".formatted(this.maxPhotoSize.toMegabytes()));
	}

}
