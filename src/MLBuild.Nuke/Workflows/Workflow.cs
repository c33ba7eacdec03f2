namespace MLBuild.Nuke.Workflows;

/// <summary>A workflow of GitHub Actions that a build declares: a file of <c>.github/workflows</c>, the same bytes for
/// the same declaration. The kinds are <see cref="Ci"/>, <see cref="TrainOnPush"/>, <see cref="MonitorOnSchedule"/> and
/// <see cref="DeployByHand"/>.</summary>
public abstract record Workflow
{
    private protected Workflow(string name) => Name = name;

    /// <summary>Of the workflow and of its file.</summary>
    public string Name { get; }

    /// <summary>The branch that models are made from. Its store is what other branches start from. Default
    /// <c>main</c>.</summary>
    public string Branch { get; init; } = "main";

    /// <summary>The kind of machine, by its label. Default <c>ubuntu-latest</c>.</summary>
    public string RunsOn { get; init; } = "ubuntu-latest";

    /// <summary>After how many minutes a job is ended, 1 or more. Default 60.</summary>
    public int TimeoutMinutes { get; init; } = 60;

    /// <summary>What the artifacts of the store may take when it is saved for the next run. The service keeps 10 GB of
    /// a repository, and removes what was not used for longest: the last store should be there beside the one
    /// before. Default <c>4GB</c>, as <c>--max-size</c> takes it.</summary>
    public string StoreLimit { get; init; } = "4GB";

    /// <summary>What the build gets as variables of its environment, such as <c>NUKE_WHO</c> by <c>github.actor</c>: by
    /// name, expressions without their braces. Steps that do not run the build get none of them, and neither does
    /// <see cref="Ci"/>, which runs what somebody proposes.</summary>
    public IReadOnlyList<WorkflowVariable> Variables { get; init; } = [];

    /// <summary>The file's text.</summary>
    /// <exception cref="ArgumentException">A value cannot stand in it; all of them are named.</exception>
    public string Text()
    {
        var faults = Values().Append((nameof(Branch), Branch)).Append((nameof(RunsOn), RunsOn))
            .Append((nameof(StoreLimit), StoreLimit))
            .Concat(Variables.SelectMany(variable => ((string, string)[])
                [(nameof(Variables), variable.Name), (nameof(Variables), variable.Expression)]))
            .Where(value => !IsPlain(value.Item2))
            .Select(value => $"{value.Item1} of workflow '{Name}' is '{value.Item2}', expected letters, digits, "
                + "spaces and any of ._-/*,")
            .Concat(TimeoutMinutes >= 1 ? [] : [FormattableString.Invariant(
                $"TimeoutMinutes of workflow '{Name}' is {TimeoutMinutes}, expected 1 or more.")])
            .ToArray();
        return faults is [] ? $"{WorkflowFiles.Mark}\nname: {Name}\n\n{Body()}" : throw new ArgumentException(
            string.Join('\n', faults));
    }

    /// <summary>What stands below the name.</summary>
    private protected abstract string Body();

    /// <summary>The texts of this kind that stand in the file as they are, with the members that they are of.</summary>
    private protected abstract IEnumerable<(string Member, string Value)> Values();

    // Nothing that means something in YAML, in a shell or in an expression; no author needs more.
    private static bool IsPlain(string value) => value.Length > 0 && value.Trim() == value
        && value.All(c => char.IsAsciiLetterOrDigit(c) || "._-/*, ".Contains(c));
}

/// <summary>A variable of the environment, such as <c>PGPASSWORD</c> by <c>secrets.MODEL_REGISTRY_PASSWORD</c>.
/// </summary>
public sealed record WorkflowVariable(string Name, string Expression);
