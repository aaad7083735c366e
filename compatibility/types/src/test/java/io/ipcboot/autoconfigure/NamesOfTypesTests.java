package io.ipcboot.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.asm.ClassReader;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Types of optional libraries are known by their names. A library that renames one must
 * be noticed.
 */
@Tag("long")
class NamesOfTypesTests {

	private static final Pattern TYPE = Pattern.compile("(com|de|io|jakarta|javax|org)(\\.[a-z0-9_]+)+(\\.[A-Z]\\w+)+");

	/** See JVMS 4.4.3. */
	private static final int CONSTANT_STRING = 8;

	/** Types of libraries that are not on the class path of this test. */
	private static final Set<String> UNCHECKED = Set.of(
			"org.springframework.boot.rsocket.context.RSocketServerBootstrap",
			"org.springframework.integration.ip.tcp.connection.AbstractServerConnectionFactory");

	@Test
	void eachNameIsThatOfAType() throws IOException {
		List<String> names = names();
		assertThat(names).hasSizeGreaterThan(50)
			.contains("org.springframework.kafka.listener.MessageListenerContainer");
		assertThat(names.stream()
			.filter((name) -> !UNCHECKED.contains(name) && !ClassUtils.isPresent(name, getClass().getClassLoader())))
			.isEmpty();
	}

	/** The texts in the code of the library that look like a type's name. */
	private static List<String> names() throws IOException {
		Resource[] classes = new PathMatchingResourcePatternResolver().getResources(
				"classpath*:" + ClassUtils.convertClassNameToResourcePath(Types.class.getPackageName()) + "/*.class");
		List<String> names = new ArrayList<>();
		for (Resource resource : classes) {
			if (!resource.getURI().toString().contains("test-classes")) {
				try (InputStream content = resource.getInputStream()) {
					texts(new ClassReader(content)).filter((text) -> TYPE.matcher(text).matches()).forEach(names::add);
				}
			}
		}
		return names.stream().distinct().toList();
	}

	private static Stream<String> texts(ClassReader reader) {
		char[] buffer = new char[reader.getMaxStringLength()];
		List<String> texts = new ArrayList<>();
		for (int item = 1; item < reader.getItemCount(); item++) {
			int offset = reader.getItem(item);
			if (offset > 0 && reader.readByte(offset - 1) == CONSTANT_STRING) {
				texts.add((String) reader.readConst(item, buffer));
			}
		}
		return texts.stream();
	}

}
