using Nuke.Common.Execution;

namespace MLBuild.NukeCompat.Tests;

/// <summary>The order of targets. The plans of a whole build are in <see cref="BehavingAsNuke"/>.</summary>
public class PlanningTargets
{
    private readonly List<ExecutableTarget> _targets = [];

    [Fact]
    public void UnorderedTargetsRunInReverseOrderOfDeclaration()
    {
        var last = Target("Last", needs: [Target("A"), Target("B"), Target("C")]);

        Assert.Equal("C B A Last", Plan(last));
    }

    [Fact]
    public void OnlyWhatIsNeededRuns()
    {
        var ingest = Target("Ingest");
        var train = Target("Train", needs: [ingest]);
        Target("Deploy", needs: [train]);

        Assert.Equal("Ingest Train", Plan(train));
    }

    [Fact]
    public void DefaultTargetsRunWhenNoneIsInvoked()
    {
        Target("Other");
        Target("Default").IsDefault = true;

        Assert.Equal("Default", Plan());
    }

    [Fact]
    public void OrderAloneBringsNothingIntoThePlan()
    {
        var first = Target("First");
        var second = Target("Second");
        first.OrderDependencies.Add(second);

        Assert.Equal("First", Plan(first));
        Assert.Equal("Second First", Plan(first, second));
    }

    [Fact]
    public void TriggeredTargetsBringTheirOwnNeeds()
    {
        var notify = Target("Notify", needs: [Target("Login")]);
        var deploy = Target("Deploy");
        deploy.Triggers.Add(notify);
        notify.TriggerDependencies.Add(deploy);

        Assert.Equal("Deploy Login Notify", Plan(deploy));
    }

    [Fact]
    public void CircleIsNamedEvenWhenItIsNotInvoked()
    {
        var train = Target("Train");
        var gate = Target("Gate", needs: [train]);
        train.OrderDependencies.Add(gate);

        var refusal = Assert.Throws<BuildRefused>(() => Plan(Target("Apart")));

        Assert.Equal(
            "Targets depend on each other in a circle: Train -> Gate -> Train. Remove one of these dependencies.",
            refusal.Message);
    }

    // Against the definition: for random graphs without circles, each plan holds what is invoked and all it needs,
    // once, and nobody stands before one that he depends on.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RandomGraphsAreOrderedByTheirDependencies(int seed)
    {
        var random = new Random(seed);
        for (var run = 0; run < 200; run++)
        {
            _targets.Clear();
            for (var i = 0; i < 12; i++)
                Target($"T{i}");
            var rank = _targets.Select((_, i) => i).ToArray();
            random.Shuffle(rank);
            for (var i = 0; i < 20; i++)
                if (random.Next(12) is var from && random.Next(12) is var to && rank[from] > rank[to])
                    (random.Next(3) == 0 ? _targets[from].OrderDependencies : _targets[from].ExecutionDependencies)
                        .Add(_targets[to]);
            var invoked = _targets.Where(_ => random.Next(6) == 0).Append(_targets[0]).Distinct().ToList();

            var plan = Planner.Plan(_targets, invoked).ToList();

            var needed = new HashSet<ExecutableTarget>(invoked);
            for (var before = 0; before < needed.Count;)
            {
                before = needed.Count;
                needed.UnionWith(needed.SelectMany(target => target.ExecutionDependencies).ToList());
            }
            Assert.Equal(needed.Count, plan.Count);
            Assert.True(needed.SetEquals(plan));
            foreach (var target in plan)
                Assert.All(
                    target.AllDependencies.Where(plan.Contains),
                    dependency => Assert.True(plan.IndexOf(dependency) < plan.IndexOf(target)));
        }
    }

    private ExecutableTarget Target(string name, params ExecutableTarget[] needs)
    {
        var target = new ExecutableTarget { Name = name };
        target.ExecutionDependencies.AddRange(needs);
        _targets.Add(target);
        return target;
    }

    private string Plan(params ExecutableTarget[] invoked) =>
        string.Join(' ', Planner.Plan(_targets, invoked.Length > 0 ? invoked : null).Select(target => target.Name));
}
