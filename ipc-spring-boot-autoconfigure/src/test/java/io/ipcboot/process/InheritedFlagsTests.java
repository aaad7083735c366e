package io.ipcboot.process;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which flags of this JVM a child gets too.
 */
class InheritedFlagsTests {

	@ParameterizedTest
	@ValueSource(strings = { "-Dmy.property=value", "-Dfile.encoding=UTF-8", "-Djava.net.preferIPv4Stack=true",
			"-Dserverless=yes", "--add-opens=java.base/java.lang=ALL-UNNAMED", "--add-exports=a/b=c",
			"--add-modules=jdk.incubator.vector", "--add-reads=a=b", "--enable-native-access=ALL-UNNAMED",
			"--enable-preview", "-ea", "-ea:com.example...", "-enableassertions", "-da", "-esa", "-Xss2m" })
	void harmlessFlagsAreInherited(String flag) {
		assertThat(InheritedFlags.filter(List.of(flag))).containsExactly(flag);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=5005",
			"-Xrunjdwp:transport=dt_socket,server=y", "-Xdebug", "-agentpath:/opt/profiler.so=port=8849",
			"-javaagent:/opt/agent.jar", "-Dcom.sun.management.jmxremote", "-Dcom.sun.management.jmxremote.port=9010",
			"-Dcom.sun.management.config.file=/etc/jmx", "-Djava.rmi.server.hostname=localhost",
			"-XX:StartFlightRecording=filename=rec.jfr", "-XX:FlightRecorderOptions=stackdepth=128",
			"-Xlog:gc*:file=gc.log", "-Xloggc:gc.log", "-XX:+HeapDumpOnOutOfMemoryError", "-XX:HeapDumpPath=/var/dumps",
			"-XX:ErrorFile=/var/hs_err.log", "-XX:LogFile=vm.log", "-XX:OnOutOfMemoryError=kill -9 %p",
			"-XX:OnError=gdb - %p", "-XX:+CrashOnOutOfMemoryError", "-XX:NativeMemoryTracking=detail",
			"-XX:+UnlockDiagnosticVMOptions", "-XX:Flags=.hotspotrc", "-Xmx4g", "-Xms4g", "-Xmn1g",
			"-XX:MaxRAMPercentage=75", "-XX:MaxHeapSize=1g", "-XX:+UseZGC", "-XX:+UseG1GC",
			"-XX:MaxDirectMemorySize=1g", "-XX:ActiveProcessorCount=4", "-XX:+AlwaysPreTouch", "-XX:AOTCache=app.aot",
			"-XX:AOTCacheOutput=app.aot", "-XX:AOTMode=record", "-XX:AOTConfiguration=app.aotconf",
			"-XX:SharedArchiveFile=app.jsa", "-XX:ArchiveClassesAtExit=app.jsa", "-XX:+AutoCreateSharedArchive",
			"-Xshare:on", "-Xint", "-Xcomp", "-Xbatch", "-Xrs", "-Xcheck:jni", "-Xbootclasspath/a:/opt/x.jar",
			"-verbose:class", "--class-path=/x", "--module-path=/x", "-Dserver.port=8080", "-Dmanagement.server.port=1",
			"-Dlogging.file.name=app.log", "-DLOG_FILE=app.log", "-Dspring.pid.file=app.pid", "-DPID=1",
			"-Dspring.devtools.restart.enabled=true", "-Dspring.jmx.enabled=true",
			"-Dspring.application.admin.enabled=true", "-Djava.class.path=/x", "-Djava.io.tmpdir=/tmp",
			"-Dspring.aot.enabled=true", "-Dsun.java.command=x", "-Dsurefire.test.class.path=/x" })
	void whatBelongsToThisProcessIsNotInherited(String flag) {
		assertThat(InheritedFlags.filter(List.of(flag))).isEmpty();
	}

	@Test
	void flagsFromVariablesAreToldApart() {
		InheritedFlags flags = InheritedFlags.divide(
				List.of("-Dstore=/my store", "-Xmx64m", "-Dproxy=p w", "-Dserver.port=1", "-Da=1", "-Xss1m", "-Dx=y"),
				List.of("-Dstore='/my store' -Xmx64m", " -Dproxy=\"p w\"\n-Dserver.port=1 -Dnot.used=1", "-Dx=y"));
		assertThat(flags.environment()).containsExactly("-Dstore=/my store", "-Dproxy=p w", "-Dx=y");
		assertThat(flags.commandLine()).containsExactly("-Da=1", "-Xss1m");
	}

	@Test
	void aFlagOnTheCommandLineThatIsAlsoInAVariableIsThereTwice() {
		InheritedFlags flags = InheritedFlags.divide(List.of("-Da=1", "-Da=1"), List.of("-Da=1"));
		assertThat(flags.environment()).containsExactly("-Da=1");
		assertThat(flags.commandLine()).containsExactly("-Da=1");
	}

	@Test
	void theOrderIsKeptAsTheLastOneWins() {
		assertThat(InheritedFlags.filter(List.of("-Da=1", "-Xmx1g", "-Db=2", "-Da=3"))).containsExactly("-Da=1",
				"-Db=2", "-Da=3");
	}

}
