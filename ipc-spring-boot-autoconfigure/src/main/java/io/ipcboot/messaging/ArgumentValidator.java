package io.ipcboot.messaging;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.validation.Constraint;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.util.ClassUtils;
import org.springframework.validation.Validator;
import org.springframework.validation.annotation.Validated;
import org.springframework.validation.annotation.ValidationAnnotationUtils;
import org.springframework.validation.beanvalidation.MethodValidationAdapter;
import org.springframework.validation.method.MethodValidationException;
import org.springframework.validation.method.MethodValidationResult;
import org.springframework.validation.method.MethodValidator;
import org.springframework.validation.method.ParameterValidationResult;

/**
 * Validates the arguments of a listener's method as Spring MVC validates those of a
 * controller's: if a parameter has constraints, or is a container whose elements are to
 * be validated. A {@code @Valid} object is validated when it is resolved, and a class
 * that is {@link Validated} has a proxy that validates.
 */
final class ArgumentValidator {

	private static final boolean AVAILABLE = ClassUtils.isPresent("jakarta.validation.Validator",
			ArgumentValidator.class.getClassLoader());

	private final MethodValidator validator;

	private final Object bean;

	private final Method method;

	private final MethodParameter[] parameters;

	private final Class<?>[] groups;

	private ArgumentValidator(MethodValidator validator, Object bean, Method method, MethodParameter[] parameters) {
		this.validator = validator;
		this.bean = bean;
		this.method = method;
		this.parameters = parameters;
		this.groups = ValidationAnnotationUtils.determineValidationGroups(bean, method);
	}

	/**
	 * Create a validator of a method's arguments.
	 * @param validator the validator of the application, or {@code null}
	 * @return the validator, or {@code null} if there is nothing to validate or nothing
	 * that could
	 */
	static @Nullable ArgumentValidator of(@Nullable Validator validator, Object bean, Method method,
			MethodParameter[] parameters) {
		if (!AVAILABLE || !(validator instanceof jakarta.validation.Validator jakartaValidator)) {
			return null;
		}
		boolean wanted = !AnnotatedElementUtils.hasAnnotation(AopUtils.getTargetClass(bean), Validated.class)
				&& Arrays.stream(parameters).anyMatch(ArgumentValidator::isConstrained);
		return wanted ? new ArgumentValidator(new MethodValidationAdapter(jakartaValidator), bean, method, parameters)
				: null;
	}

	private static boolean isConstrained(MethodParameter parameter) {
		Annotation[] annotations = parameter.getParameterAnnotations();
		if (hasConstraint(annotations) || (hasValid(annotations) && isContainer(parameter.getParameterType()))) {
			return true;
		}
		AnnotatedType type = parameter.getExecutable().getAnnotatedParameterTypes()[parameter.getParameterIndex()];
		return elements(type)
			.anyMatch((element) -> hasConstraint(element.getAnnotations()) || hasValid(element.getAnnotations()));
	}

	private static Stream<AnnotatedType> elements(AnnotatedType type) {
		if (!(type instanceof AnnotatedParameterizedType container)) {
			return Stream.empty();
		}
		return Stream.of(container.getAnnotatedActualTypeArguments())
			.flatMap((element) -> Stream.concat(Stream.of(element), elements(element)));
	}

	private static boolean isContainer(Class<?> type) {
		return type.isArray() || Iterable.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type)
				|| type == Optional.class;
	}

	private static boolean hasValid(Annotation[] annotations) {
		return MergedAnnotations.from(annotations).isPresent(Valid.class);
	}

	private static boolean hasConstraint(Annotation[] annotations) {
		return MergedAnnotations.from(annotations)
			.stream()
			.anyMatch((annotation) -> annotation.getType().isAnnotationPresent(Constraint.class));
	}

	/**
	 * Validate arguments, except for the handle, which is not there yet.
	 * @throws MethodValidationException if a constraint is violated
	 */
	void validate(@Nullable Object[] arguments) {
		@Nullable Object[] present = Stream.of(arguments)
			.map((argument) -> (argument == HandleArgumentResolver.PENDING) ? null : argument)
			.toArray();
		MethodValidationResult result = this.validator.validateArguments(this.bean, this.method, this.parameters,
				present, this.groups);
		List<ParameterValidationResult> violations = result.getParameterValidationResults()
			.stream()
			.filter((
					each) -> arguments[each.getMethodParameter().getParameterIndex()] != HandleArgumentResolver.PENDING)
			.toList();
		if (!violations.isEmpty()) {
			throw new InvalidArgumentsException(
					MethodValidationResult.create(result.getTarget(), result.getMethod(), violations));
		}
	}

	/**
	 * Names the violations in its message, which is all that the caller gets.
	 */
	private static final class InvalidArgumentsException extends MethodValidationException {

		private final String message;

		InvalidArgumentsException(MethodValidationResult result) {
			super(result);
			this.message = result.getParameterValidationResults()
				.stream()
				.map((each) -> "parameter %d of %s: %s".formatted(each.getMethodParameter().getParameterIndex(),
						each.getMethodParameter().getExecutable().toGenericString(), each.getResolvableErrors()))
				.collect(Collectors.joining("; ", "Validation failed: ", ""));
		}

		@Override
		public String getMessage() {
			return this.message;
		}

	}

}
