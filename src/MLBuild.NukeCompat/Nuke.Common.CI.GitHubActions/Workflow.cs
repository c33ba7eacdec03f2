#nullable disable
using System.Globalization;
using MLBuild.NukeCompat;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.Tooling;

namespace Nuke.Common.CI.GitHubActions;

/// <summary>The text of the workflow that an attribute describes: one job for each image, which checks out, restores
/// the cache, runs the targets, and keeps what they produce.</summary>
internal sealed class Workflow(
    GitHubActionsAttribute attribute, AbsolutePath rootDirectory, IReadOnlyCollection<ExecutableTarget> plan)
{
    public AbsolutePath File => rootDirectory / ".github" / "workflows" / (attribute.Name + ".yml");

    /// <exception cref="BuildRefused">The attribute contradicts itself, or the repository has no build.cmd.</exception>
    public IEnumerable<string> Lines() =>
    [
        $"# Written by --generate-configuration {attribute.Id}; change [GitHubActions] on the class instead.",
        "",
        $"name: {Yaml.Text(attribute.Name)}",
        "",
        .. Triggers(),
        .. Permissions(),
        .. Concurrency(attribute.ConcurrencyGroup, attribute.ConcurrencyCancelInProgress, before: [""]),
        "",
        "jobs:",
        .. Yaml.Indented(attribute.Images.SelectMany(Job))
    ];

    private IEnumerable<string> Triggers()
    {
        List<string> conditional =
        [
            .. Trigger("push",
                ("branches", attribute.OnPushBranches), ("branches-ignore", attribute.OnPushBranchesIgnore),
                ("tags", attribute.OnPushTags), ("tags-ignore", attribute.OnPushTagsIgnore),
                ("paths", Paths(attribute.OnPushIncludePaths, attribute.OnPushExcludePaths))),
            .. Trigger("pull_request",
                ("branches", attribute.OnPullRequestBranches), ("tags", attribute.OnPullRequestTags),
                ("paths", Paths(attribute.OnPullRequestIncludePaths, attribute.OnPullRequestExcludePaths))),
            .. Dispatch(),
            .. attribute.OnCronSchedule is { } cron ? ["schedule:", $"  - cron: '{cron}'"] : Array.Empty<string>()
        ];
        if (attribute.On.Length > 0 == conditional.Count > 0)
            throw new BuildRefused(
                $"[GitHubActions(\"{attribute.Name}\")] has "
                + (conditional.Count > 0 ? "both On and" : "neither On nor")
                + " a condition such as OnPushBranches, expected one of the two.");
        return attribute.On.Length > 0
            ? [$"on: [{string.Join(", ", attribute.On.Select(trigger => trigger.GetValue()))}]"]
            : ["on:", .. Yaml.Indented(conditional)];
    }

    private static IEnumerable<string> Trigger(string name, params (string Key, string[] Values)[] filters)
    {
        var used = filters.Where(filter => filter.Values.Length > 0).ToList();
        return used.Count == 0
            ? []
            : [$"{name}:", .. Yaml.Indented(used.SelectMany(filter => Yaml.List(filter.Key, filter.Values)))];
    }

    private static string[] Paths(string[] included, string[] excluded) =>
        [.. included, .. excluded.Select(path => "!" + path)];

    private IEnumerable<string> Dispatch()
    {
        var inputs = attribute.OnWorkflowDispatchOptionalInputs.Select(input => (input, required: "false"))
            .Concat(attribute.OnWorkflowDispatchRequiredInputs.Select(input => (input, required: "true"))).ToList();
        return inputs.Count == 0
            ? []
            : ["workflow_dispatch:", "  inputs:", .. inputs.SelectMany(input => new[]
            {
                $"    {input.input}:",
                $"      description: {Words.Joined(input.input, ' ')}",
                $"      required: {input.required}"
            })];
    }

    private IEnumerable<string> Permissions()
    {
        List<string> granted =
        [
            .. attribute.WritePermissions.Select(permission => $"{permission.GetValue()}: write"),
            .. attribute.ReadPermissions.Select(permission => $"{permission.GetValue()}: read")
        ];
        return granted.Count == 0 ? [] : ["", "permissions:", .. Yaml.Indented(granted)];
    }

    private static IEnumerable<string> Concurrency(string group, bool cancels, string[] before)
    {
        if (string.IsNullOrWhiteSpace(group) && !cancels)
            return [];
        // Without a group of its own: one run for each branch of a pull request; other runs do not disturb each other.
        if (string.IsNullOrWhiteSpace(group))
            group = "${{ github.workflow }}-${{ github.head_ref || github.run_id }}";
        return
        [
            .. before,
            "concurrency:",
            $"  group: {group}",
            .. cancels ? ["  cancel-in-progress: true"] : Array.Empty<string>()
        ];
    }

    private IEnumerable<string> Job(GitHubActionsImage image)
    {
        var name = image.GetValue().Replace('.', '_');
        return
        [
            $"{name}:",
            .. Yaml.Indented(
            [
                $"name: {name}",
                $"runs-on: {image.GetValue()}",
                .. attribute.TimeoutMinutes > 0
                    ? [string.Create(CultureInfo.InvariantCulture, $"timeout-minutes: {attribute.TimeoutMinutes}")]
                    : Array.Empty<string>(),
                .. Concurrency(attribute.JobConcurrencyGroup, attribute.JobConcurrencyCancelInProgress, before: []),
                .. Environment(),
                "steps:",
                .. Yaml.Indented([.. Checkout(), .. Cache(), .. Run(), .. Publish()])
            ])
        ];
    }

    private IEnumerable<string> Environment() => attribute switch
    {
        { EnvironmentName: null or "" } => [],
        { EnvironmentUrl: null or "" } => [$"environment: {attribute.EnvironmentName}"],
        _ => ["environment:", $"  name: {attribute.EnvironmentName}", $"  url: {attribute.EnvironmentUrl}"]
    };

    private IEnumerable<string> Checkout() =>
    [
        "- uses: actions/checkout@v6",
        .. attribute.CheckoutOptions.Count > 0 ? ["  with:"] : Array.Empty<string>(),
        .. attribute.CheckoutOptions.Select(option => $"    {option.Key}: {option.Value}")
    ];

    private IEnumerable<string> Cache() => attribute.CacheKeyFiles.Length == 0
        ? []
        :
        [
            $"- name: {Yaml.Text("Cache: " + string.Join(", ", attribute.CacheIncludePatterns))}",
            "  uses: actions/cache@v4",
            "  with:",
            "    path: |",
            .. Paths(attribute.CacheIncludePatterns, attribute.CacheExcludePatterns).Select(path => $"      {path}"),
            "    key: ${{ runner.os }}-${{ hashFiles("
                + string.Join(", ", attribute.CacheKeyFiles.Select(file => $"'{file}'")) + ") }}"
        ];

    private IEnumerable<string> Run()
    {
        var script = rootDirectory.GlobFiles("build.cmd", "*/build.cmd").FirstOrDefault()
            ?? throw new BuildRefused(
                "The workflow would run build.cmd, which is neither in the root directory nor in one below. Add it.");
        List<string> variables =
        [
            .. attribute.OnWorkflowDispatchOptionalInputs.Concat(attribute.OnWorkflowDispatchRequiredInputs)
                .Select(input => $"{input}: ${{{{ github.event.inputs.{input} }}}}"),
            .. attribute.ImportSecrets
                .Select(secret => $"{secret}: ${{{{ secrets.{Words.Joined(secret, '_').ToUpperInvariant()} }}}}"),
            .. attribute.EnableGitHubToken ? ["GITHUB_TOKEN: ${{ secrets.GITHUB_TOKEN }}"] : Array.Empty<string>()
        ];
        return
        [
            $"- name: {Yaml.Text("Run: " + string.Join(", ", attribute.InvokedTargets))}",
            $"  run: ./{Relative(script)} {string.Join(' ', attribute.InvokedTargets)}".TrimEnd(),
            .. variables.Count > 0 ? ["  env:"] : Array.Empty<string>(),
            .. Yaml.Indented(Yaml.Indented(variables))
        ];
    }

    private IEnumerable<string> Publish() => !attribute.PublishArtifacts
        ? []
        : plan.SelectMany(target => target.ArtifactProducts)
            // The upload takes folders: artifacts/*.zip means the folder artifacts.
            .Select(product => ((AbsolutePath)product).FindParentOrSelf(path => !path.ToString().Contains('*')))
            .Distinct()
            .SelectMany(path => (string[])
            [
                $"- name: {Yaml.Text("Publish: " + path.Name)}",
                "  uses: actions/upload-artifact@v5",
                .. string.IsNullOrWhiteSpace(attribute.PublishCondition)
                    ? Array.Empty<string>()
                    : [$"  if: {attribute.PublishCondition}"],
                "  with:",
                $"    name: {Yaml.Text(path.Name)}",
                $"    path: {Yaml.Text(Relative(path))}"
            ]);

    private string Relative(AbsolutePath path) => rootDirectory.GetUnixRelativePathTo(path);
}
