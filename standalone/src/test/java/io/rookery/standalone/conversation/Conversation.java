package io.rookery.standalone.conversation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A class of conversations, run once against each service of the system property {@code
 * conversation.services} (see {@link Services}). Its methods may take a {@link Cast} or the {@link
 * Service}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ClassTemplate
@ExtendWith(ConversationExtension.class)
public @interface Conversation {}
