/** Anneal's models as chat models of LangChain4j; begin with {@link AnnealService}. */
@NullMarked
package dev.anneal.langchain4j;

import org.jspecify.annotations.NullMarked;
