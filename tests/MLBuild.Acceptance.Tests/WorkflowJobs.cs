using System.Text.RegularExpressions;

namespace MLBuild.Acceptance.Tests;

/// <summary>Does what GitHub Actions does with a job of <c>.github/workflows</c>: its steps in order, each in a fresh
/// checkout, with a cache that lasts. Actions that bring sources, SDK and packages are left out.</summary>
/// <param name="checkout">Makes a folder that is as a clone of the repository.</param>
internal sealed partial class WorkflowJobs(Func<TaxiProject> checkout) : IDisposable
{
    private const string Always = "always() && ";

    private readonly DirectoryInfo _cache = Directory.CreateTempSubdirectory("mlbuild-cache-");

    /// <summary>What is typed when a workflow is started by hand, by name: <c>model-version</c>.</summary>
    public Dictionary<string, string> Inputs { get; } = [];

    /// <summary>Run in each checkout before the steps: what a pull request changes.</summary>
    public Action<TaxiProject> Change { get; set; } = _ => { };

    /// <summary>How many stores were saved.</summary>
    public int Saved { get; private set; }

    public JobResult Run(string workflow, string job)
    {
        using var project = checkout();
        Change(project);
        var outputs = new Dictionary<string, string>();
        var (ran, said, summary, hasFailed) = (new List<string>(), "", "", false);
        foreach (var step in StepsOf(workflow, job))
        {
            var condition = step.GetValueOrDefault("if", "");
            var always = condition.StartsWith(Always, StringComparison.Ordinal);
            if ((hasFailed && !always) || !Holds(always ? condition[Always.Length..] : condition))
                continue;
            var store = project.PathOf(".nuke/mlbuild");
            switch (Regex.Replace(step.GetValueOrDefault("uses") ?? "run", "@v[0-9]+[.][0-9]+[.][0-9]+$", ""))
            {
                case "actions/checkout" or "actions/setup-dotnet" or "actions/cache":
                    break;
                case "actions/cache/restore":
                    if (Saved > 0)
                        TaxiProject.CopyFolder(_cache.FullName, store);
                    outputs[$"steps.{step["id"]}.outcome"] = "success";
                    break;
                case "actions/cache/save":
                    _cache.Delete(recursive: true);
                    TaxiProject.CopyFolder(store, _cache.FullName);
                    Saved++;
                    break;
                case "run":
                    var (exitCode, text, told) = Execute(step);
                    ran.Add(step["name"]);
                    (said, summary, hasFailed) = (said + text, summary + told, hasFailed || exitCode != 0);
                    break;
                case var other:
                    Assert.Fail($"This test does not know the action '{other}'.");
                    break;
            }
        }
        return new(!hasFailed, ran, said, summary);

        (int ExitCode, string Text, string Summary) Execute(Dictionary<string, string> step)
        {
            using var files = new TempFiles();
            var start = project.StartInfo("bash", "-e", "-c", step["run"]);
            start.WorkingDirectory = project.Root;
            start.Environment["CI"] = "true";
            start.Environment["GITHUB_STEP_SUMMARY"] = files.Summary;
            start.Environment["GITHUB_OUTPUT"] = files.Outputs;
            foreach (var (key, value) in step.Where(pair => pair.Key.StartsWith("env.", StringComparison.Ordinal)))
                start.Environment[key[4..]] = Value(value);
            var (exitCode, output, errors) = BuildProgram.Run(start);
            foreach (var line in File.ReadAllLines(files.Outputs))
                outputs[$"steps.{step["id"]}.outputs.{line.Split('=')[0]}"] = line.Split('=')[1];
            return (exitCode, output + errors, File.ReadAllText(files.Summary));
        }

        bool Holds(string condition) => condition.Length == 0 || condition.Split(" || ").Any(clause =>
        {
            var sides = clause.Split(" == ");
            return Of(sides[0]) == sides[1].Trim('\'');
        });

        string Value(string text) => Expression().Replace(text, match => Of(match.Groups[1].Value));

        string Of(string name) => name.Split('.') switch
        {
            ["inputs", var input] => Inputs[input],
            ["github", "actor"] => "octocat",
            ["secrets", _] => "",
            ["steps", ..] => outputs.GetValueOrDefault(name, ""),
            _ => throw new InvalidOperationException($"this test does not know '{name}'"),
        };
    }

    public void Dispose() => _cache.Delete(recursive: true);

    // The YAML that Workflows writes: steps at six spaces, their members at eight, members of members at ten.
    private static IEnumerable<Dictionary<string, string>> StepsOf(string workflow, string job)
    {
        var lines = File.ReadLines(Path.Combine(BuildProgram.Repository, ".github", "workflows", $"{workflow}.yml"))
            .SkipWhile(line => line != $"  {job}:").Skip(1).TakeWhile(line => !Regex.IsMatch(line, "^  [a-z]"));
        var steps = new List<Dictionary<string, string>>();
        var block = "";
        foreach (var line in lines.SkipWhile(line => line != "    steps:").Skip(1).Where(line => line.Length > 0))
        {
            if (line.StartsWith("      - ", StringComparison.Ordinal))
                steps.Add([]);
            if (line.StartsWith("          ", StringComparison.Ordinal))
            {
                if (block == "run")
                    steps[^1]["run"] += line.Trim() + "\n";
                else if (line.Split(": ", 2) is [var name, var value])
                    steps[^1][$"{block}.{name.Trim()}"] = value;
                continue;
            }
            var (key, rest) = line[8..].Split(':', 2) is [var one, var other] ? (one, other.Trim()) : ("", "");
            block = key;
            steps[^1][key] = rest == "|" ? "" : rest;
        }
        return steps;
    }

    [GeneratedRegex(@"\$\{\{ (.+?) \}\}")]
    private static partial Regex Expression();

    private sealed class TempFiles : IDisposable
    {
        public string Summary { get; } = Path.GetTempFileName();

        public string Outputs { get; } = Path.GetTempFileName();

        public void Dispose()
        {
            File.Delete(Summary);
            File.Delete(Outputs);
        }
    }
}

/// <param name="Ran">The names of the steps whose commands ran.</param>
/// <param name="Text">What they printed.</param>
/// <param name="Summary">What they told the summary.</param>
internal sealed record JobResult(bool Succeeded, IReadOnlyList<string> Ran, string Text, string Summary);
