package io.ipcboot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.Bean;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasModifiers.Predicates.modifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

@AnalyzeClasses(packages = "io.ipcboot", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

	/** Lowest first: a package knows only those before it. */
	private static final List<String> ORDER = List.of("io.ipcboot.handle", "io.ipcboot.channel", "io.ipcboot.messaging",
			"io.ipcboot.process", "io.ipcboot.pool", "io.ipcboot.server", "io.ipcboot", "io.ipcboot.actuate",
			"io.ipcboot.observation", "io.ipcboot.autoconfigure");

	/**
	 * A limit that is hard to reach: a class is cut where it is two concepts, not where
	 * it is long.
	 */
	private static final int MAX_LINES = 500;

	/** Of top-level types. With more of them, a package has no reader who knows it. */
	private static final int MAX_PACKAGE_PRIVATE_TYPES = 25;

	@ArchTest
	static final ArchRule packagesAreFreeOfCycles = slices().matching("(io.ipcboot..)").should().beFreeOfCycles();

	@ArchTest
	static final ArchRule packagesKnowOnlyLowerOnes = classes().should(new ArchCondition<>("know only lower packages") {

		@Override
		public void check(JavaClass type, ConditionEvents events) {
			int own = ORDER.indexOf(type.getPackageName());
			events.add(new SimpleConditionEvent(type, own >= 0, type.getName() + " is in no package of the order"));
			type.getDirectDependenciesFromSelf().forEach((dependency) -> {
				String used = dependency.getTargetClass().getPackageName();
				if (ORDER.contains(used)) {
					events.add(new SimpleConditionEvent(type, ORDER.indexOf(used) <= own, dependency.getDescription()));
				}
			});
		}

	});

	@ArchTest
	static final ArchRule processDoesNotKnowMessaging = noClasses().that()
		.resideInAPackage("io.ipcboot.process")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("io.ipcboot.messaging");

	@ArchTest
	static final ArchRule onlyHandleNamesJunixsocket = noClasses().that()
		.resideOutsideOfPackage("io.ipcboot.handle")
		.should()
		.dependOnClassesThat(resideInAnyPackage("org.newsclub..", "sun.."));

	@ArchTest
	static final ArchRule onlyAutoconfigureKnowsSpringBoot = noClasses().that()
		.resideOutsideOfPackages("io.ipcboot.actuate", "io.ipcboot.autoconfigure")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework.boot..");

	@ArchTest
	static final ArchRule packagesAreNullMarked = classes().should(new ArchCondition<>("be in a @NullMarked package") {

		@Override
		public void check(JavaClass type, ConditionEvents events) {
			JavaPackage owner = type.getPackage();
			events.add(new SimpleConditionEvent(type, owner.isAnnotatedWith(NullMarked.class),
					owner.getName() + " is not @NullMarked"));
		}

	});

	@ArchTest
	static final ArchRule noJavaSerialization = noClasses().should()
		.dependOnClassesThat()
		.haveFullyQualifiedName("java.io.ObjectInputStream");

	@ArchTest
	static final ArchRule autoConfigurationsArePublicFinalAndOfferNothing = classes().that()
		.areAnnotatedWith(AutoConfiguration.class)
		.should()
		.haveSimpleNameEndingWith("AutoConfiguration")
		.andShould()
		.bePublic()
		.andShould()
		.haveModifier(JavaModifier.FINAL)
		.andShould(new ArchCondition<>("have no public members") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				type.getMethods()
					.stream()
					.filter(modifier(JavaModifier.PUBLIC))
					.forEach((method) -> events.add(SimpleConditionEvent.violated(method, method.getDescription())));
			}

		});

	@ArchTest
	static final ArchRule conditionsAreNotPublic = classes().that()
		.areAssignableTo(SpringBootCondition.class)
		.should()
		.notBePublic();

	@ArchTest
	static final ArchRule beanMethodsAreNotPublic = methods().that()
		.areAnnotatedWith(Bean.class)
		.should()
		.notBePublic();

	@ArchTest
	static final ArchRule postProcessorsAreMadeByStaticMethods = methods().that()
		.areAnnotatedWith(Bean.class)
		.and(returnType(assignableTo(BeanPostProcessor.class).or(assignableTo(BeanFactoryPostProcessor.class))))
		.should()
		.beStatic();

	@ArchTest
	static final ArchRule caseConversionsNameALocale = noClasses().should()
		.callMethod(String.class, "toLowerCase")
		.orShould()
		.callMethod(String.class, "toUpperCase");

	/** A listener is an {@code @IpcListener}; these packages are about sockets. */
	@ArchTest
	static final ArchRule serverAndHandleKnowNoListeners = noClasses().that()
		.resideInAnyPackage("io.ipcboot.server", "io.ipcboot.handle")
		.should()
		.haveNameMatching(".*Listener[^.]*");

	/** Deadlines must not depend on a clock that can be set. */
	@ArchTest
	static final ArchRule noTypeReadsTheClock = noClasses().should()
		.callMethod(System.class, "currentTimeMillis")
		.orShould()
		.dependOnClassesThat()
		.haveFullyQualifiedName("java.time.Clock")
		.orShould()
		.callMethod(Instant.class, "now")
		.orShould()
		.callConstructor(Date.class);

	/** Private nested types are seen in one file only. */
	@ArchTest
	static void noTwoTypesHaveOneName(JavaClasses types) {
		Map<String, List<String>> names = types.stream()
			.filter((type) -> !type.isAnonymousClass() && !isPrivate(type))
			.filter((type) -> !Set.of("package-info", "Builder").contains(type.getSimpleName()))
			.collect(Collectors.groupingBy(JavaClass::getSimpleName, TreeMap::new,
					Collectors.mapping(JavaClass::getName, Collectors.toList())));
		names.values().removeIf((sameName) -> sameName.size() == 1);
		assertThat(names).isEmpty();
	}

	private static boolean isPrivate(JavaClass type) {
		return type.getModifiers().contains(JavaModifier.PRIVATE)
				|| type.getEnclosingClass().filter(ArchitectureTests::isPrivate).isPresent();
	}

	/** Auto-configurations consist of types that only Spring Boot has to know. */
	@ArchTest
	static void packagesAreSmall(JavaClasses types) {
		Map<String, Long> sizes = types.stream()
			.filter((type) -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
			.filter((type) -> !type.getModifiers().contains(JavaModifier.PUBLIC))
			.filter((type) -> !type.getPackageName().equals("io.ipcboot.autoconfigure"))
			.collect(Collectors.groupingBy(JavaClass::getPackageName, TreeMap::new, Collectors.counting()));
		sizes.values().removeIf((size) -> size <= MAX_PACKAGE_PRIVATE_TYPES);
		assertThat(sizes).isEmpty();
	}

	@Test
	void noClassIsLong() throws IOException {
		try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
			assertThat(sources.filter((path) -> path.toString().endsWith(".java")))
				.allSatisfy((source) -> assertThat(Files.readAllLines(source).size()).as(source.toString())
					.isLessThan(MAX_LINES));
		}
	}

	private static DescribedPredicate<JavaMethod> returnType(DescribedPredicate<JavaClass> predicate) {
		return DescribedPredicate.describe("return " + predicate.getDescription(),
				(method) -> predicate.test(method.getRawReturnType()));
	}

}
