package dev.anneal.sample;

import dev.anneal.model.Question;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs whose questions go to the model in one call, as far as they fit into one. */
final class Company {

  /**
   * Rows of a call that several runs share. Many rows keep the processor busy by themselves: then
   * sharing saves nothing, and the call needs memory for all of them.
   */
  static final int MOST_ROWS = 512;

  private record Member(GenerationRun run, Inquiry inquiry) {}

  private final List<Member> members = new ArrayList<>();
  private final List<List<DrawnToken>> drawn = new ArrayList<>(); // of each member
  private int rows;

  private Company() {}

  /**
   * Brings runs of one model forward by a call each; if it throws, all of them are as they were.
   */
  static Advance advance(List<GenerationRun> runs) {
    List<Company> companies = companies(runs);
    companies.forEach(Company::draw);
    companies.forEach(Company::accept); // nothing can fail from here on
    return new Advance(
        runs.stream().map(GenerationRun::stepWithoutCall).toList(),
        companies.stream()
            .map(company -> new SharedCall(company.members.size(), company.rows))
            .toList());
  }

  private static List<Company> companies(List<GenerationRun> runs) {
    var companies = new ArrayList<Company>();
    var open = new Company();
    for (GenerationRun run : runs) {
      Optional<Inquiry> inquiry = run.inquiry();
      if (inquiry.isPresent()) {
        int added = inquiry.get().rows();
        if (open.members.isEmpty() || open.rows + added > MOST_ROWS) {
          open = new Company();
          companies.add(open);
        }
        open.members.add(new Member(run, inquiry.get()));
        open.rows += added;
      }
    }
    return companies;
  }

  /** Makes the call and draws from its guesses. */
  private void draw() {
    List<Question> questions =
        members.stream().flatMap(member -> member.inquiry.questions().stream()).toList();
    try (Scope call = Scope.withoutGradient()) {
      List<Tensor> answers = members.getFirst().run.denoiser().answers(questions);
      int first = 0;
      for (Member member : members) {
        int last = first + member.inquiry.questions().size();
        try (Scope own = Scope.open()) {
          Tensor logits = member.inquiry.reading().apply(answers.subList(first, last));
          drawn.add(member.run.openStep().drawn(logits));
        }
        first = last;
      }
    }
  }

  private void accept() {
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      member.run.accept(member.inquiry, drawn.get(i));
    }
  }
}
