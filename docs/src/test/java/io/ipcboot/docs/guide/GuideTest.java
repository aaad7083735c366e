package io.ipcboot.docs.guide;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.test.context.SpringBootTest;

/**
 * A test of samples. All of them share one application and its workers.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("process")
@Timeout(60)
@SpringBootTest(classes = GuideApplication.class,
		properties = { "ipc.pools.default.size=1", "ipc.pools.default.jvm-args=-XX:TieredStopAtLevel=1",
				"ipc.pools.reports.size=1", "ipc.pools.reports.jvm-args=-XX:TieredStopAtLevel=1",
				"ipc.pools.reports.profiles=reports", "ipc.pools.reports.concurrency=4" })
public @interface GuideTest {

}
