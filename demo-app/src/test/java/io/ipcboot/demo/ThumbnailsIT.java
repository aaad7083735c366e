package io.ipcboot.demo;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Tag("process")
@Tag("long")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ThumbnailsIT {

	private static final int TOO_LARGE = 20 * 1024 * 1024;

	private static RunningDemo demo;

	@BeforeAll
	static void start(@TempDir Path directory) throws IOException {
		demo = RunningDemo.ofJar(directory);
	}

	@AfterAll
	static void stop() {
		demo.close();
	}

	@Test
	void aPhotoIsRenderedInAWorker() throws Exception {
		HttpResponse<byte[]> response = demo.postPhoto();
		assertThumbnail(response, 320, 240);
		assertThat(demo.workerPids()).contains(worker(response));
	}

	@Test
	void theWorkersOfThePoolShareTheWork() {
		awaitThumbnailsOfTwoWorkers();
	}

	/**
	 * A process that exists may not be ready yet, and then it is no help when another one
	 * dies.
	 */
	private static void awaitThumbnailsOfTwoWorkers() {
		Set<Long> workers = new HashSet<>();
		await().atMost(1, TimeUnit.MINUTES).until(() -> {
			demo.postPhoto().headers().firstValueAsLong("Worker-Pid").ifPresent(workers::add);
			return workers.size() == 2;
		});
	}

	@Test
	void aSmallTransparentImageIsNotEnlarged() throws Exception {
		ByteArrayOutputStream png = new ByteArrayOutputStream();
		ImageIO.write(new BufferedImage(40, 30, BufferedImage.TYPE_INT_ARGB), "png", png);
		assertThumbnail(demo.post("/thumbnails", "image/png", BodyPublishers.ofByteArray(png.toByteArray())), 40, 30);
	}

	@Test
	void textIsNoPhoto() throws Exception {
		HttpResponse<byte[]> response = demo.post("/thumbnails", "image/jpeg", BodyPublishers.ofString("no photo"));
		assertProblem(response, 415, "not a JPEG, PNG");
	}

	@Test
	void aDamagedPhotoIsRefused() throws Exception {
		byte[] start = Arrays.copyOf(Files.readAllBytes(RunningDemo.PHOTO), 100);
		assertProblem(demo.post("/thumbnails", "image/jpeg", BodyPublishers.ofByteArray(start)), 415, "damaged");
	}

	@Test
	void anEmptyRequestIsRefused() throws Exception {
		assertProblem(demo.post("/thumbnails", "image/jpeg", BodyPublishers.noBody()), 415, "not a JPEG, PNG");
	}

	@Test
	void aRequestThatDoesNotClaimToBeAnImageIsRefused() throws Exception {
		assertProblem(demo.post("/thumbnails", "text/plain", BodyPublishers.ofFile(RunningDemo.PHOTO)), 415,
				"'text/plain' is not supported");
	}

	@Test
	void aPhotoThatIsTooLargeIsRefused() throws Exception {
		assertProblem(demo.post("/thumbnails", "image/jpeg", BodyPublishers.ofByteArray(new byte[TOO_LARGE])), 413,
				"8 MB");
	}

	@Test
	void aPhotoOfUnknownLengthThatIsTooLargeIsRefused() throws Exception {
		var body = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[TOO_LARGE]));
		assertProblem(demo.post("/thumbnails", "image/jpeg", body), 413, "8 MB");
	}

	@Test
	void aWorkerThatIsKilledIsReplaced() throws Exception {
		awaitThumbnailsOfTwoWorkers();
		long killed = worker(demo.postPhoto());
		demo.kill(killed);
		assertThat(worker(demo.postPhoto())).isNotEqualTo(killed);
		demo.awaitAllWorkers();
		assertThat(demo.workerPids()).doesNotContain(killed);
	}

	@ParameterizedTest
	@CsvSource({ "exit, exited with code 1", "halt, exited with code 2", "oom, exited with code 3",
			"loop, 'was killed because it did not answer in time'" })
	void aWorkerMayDieAndTheNextThumbnailWorks(String how, String exit) throws Exception {
		awaitThumbnailsOfTwoWorkers();
		HttpResponse<byte[]> response = demo.post("/crash?how=" + how);
		assertProblem(response, 503, exit);
		assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
		assertThat(text(response)).contains("\"pool\":\"default\"")
			.containsPattern("\"slot\":[01]")
			.containsPattern("\"pid\":\\d+")
			.contains("\"exit\":\"" + exit + "\"");
		assertThumbnail(demo.postPhoto(), 320, 240);
		assertThumbnail(demo.postPhoto(), 320, 240);
		demo.awaitAllWorkers();
	}

	@Test
	void anUnknownWayToDieIsRefused() throws Exception {
		assertProblem(demo.post("/crash?how=politely"), 400, "'politely'");
	}

	private static long worker(HttpResponse<byte[]> response) {
		return response.headers().firstValueAsLong("Worker-Pid").orElseThrow();
	}

	private static void assertThumbnail(HttpResponse<byte[]> response, int width, int height) throws IOException {
		assertThat(response.statusCode()).as(() -> text(response)).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("image/jpeg");
		BufferedImage image = ImageIO.read(new ByteArrayInputStream(response.body()));
		assertThat(image.getWidth()).isEqualTo(width);
		assertThat(image.getHeight()).isEqualTo(height);
	}

	private static void assertProblem(HttpResponse<byte[]> response, int status, String detail) {
		assertThat(response.statusCode()).as(() -> text(response)).isEqualTo(status);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(text(response)).contains(detail);
	}

	private static String text(HttpResponse<byte[]> response) {
		return new String(response.body());
	}

}
