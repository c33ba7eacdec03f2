#nullable disable
using System.Globalization;

namespace Nuke.Common.CI.GitHubActions;

/// <summary>Describes a GitHub workflow that runs targets of this build. The file is written by
/// <c>--generate-configuration GitHubActions_&lt;name&gt;</c>, never by the way.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public class GitHubActionsAttribute : Attribute
{
    public GitHubActionsAttribute(string name, GitHubActionsImage image, params GitHubActionsImage[] images) =>
        (Name, Images) = (name, [image, .. images]);

    internal string Name { get; }
    internal IReadOnlyList<GitHubActionsImage> Images { get; }
    internal IReadOnlyList<(string Key, string Value)> CheckoutOptions => _checkoutOptions;

    /// <summary>The value of <c>--generate-configuration</c> that means this workflow.</summary>
    public string Id => "GitHubActions_" + Name;

    /// <summary>Not read: this host writes the file only when asked to.</summary>
    public bool AutoGenerate { get; set; } = true;

    public GitHubActionsTrigger[] On { get; set; } = [];
    public string[] OnPushBranches { get; set; } = [];
    public string[] OnPushBranchesIgnore { get; set; } = [];
    public string[] OnPushTags { get; set; } = [];
    public string[] OnPushTagsIgnore { get; set; } = [];
    public string[] OnPushIncludePaths { get; set; } = [];
    public string[] OnPushExcludePaths { get; set; } = [];
    public string[] OnPullRequestBranches { get; set; } = [];
    public string[] OnPullRequestTags { get; set; } = [];
    public string[] OnPullRequestIncludePaths { get; set; } = [];
    public string[] OnPullRequestExcludePaths { get; set; } = [];
    public string[] OnWorkflowDispatchOptionalInputs { get; set; } = [];
    public string[] OnWorkflowDispatchRequiredInputs { get; set; } = [];
    public string OnCronSchedule { get; set; }
    public string[] ImportSecrets { get; set; } = [];
    public bool EnableGitHubToken { get; set; }
    public GitHubActionsPermissions[] WritePermissions { get; set; } = [];
    public GitHubActionsPermissions[] ReadPermissions { get; set; } = [];
    public string[] CacheIncludePatterns { get; set; } = [".nuke/temp", "~/.nuget/packages"];
    public string[] CacheExcludePatterns { get; set; } = [];
    public string[] CacheKeyFiles { get; set; } = ["**/global.json", "**/*.csproj", "**/Directory.Packages.props"];
    public bool PublishArtifacts { get; set; } = true;
    public string PublishCondition { get; set; }
    public int TimeoutMinutes { get; set; }
    public string EnvironmentName { get; set; }
    public string EnvironmentUrl { get; set; }
    public string ConcurrencyGroup { get; set; }
    public bool ConcurrencyCancelInProgress { get; set; }
    public string JobConcurrencyGroup { get; set; }
    public bool JobConcurrencyCancelInProgress { get; set; }
    public string[] InvokedTargets { get; set; } = [];

    public GitHubActionsSubmodules Submodules
    {
        get => throw NotReadable();
        set => Checkout("submodules", value.ToString().ToLowerInvariant());
    }

    public bool Lfs
    {
        get => throw NotReadable();
        set => Checkout("lfs", value ? "true" : "false");
    }

    public uint FetchDepth
    {
        get => throw NotReadable();
        set => Checkout("fetch-depth", value.ToString(CultureInfo.InvariantCulture));
    }

    public bool Progress
    {
        get => throw NotReadable();
        set => Checkout("progress", value ? "true" : "false");
    }

    public string Filter
    {
        get => throw NotReadable();
        set => Checkout("filter", value);
    }

    // Only options that were set are written; an attribute's property cannot be nullable to tell that.
    private readonly List<(string Key, string Value)> _checkoutOptions = [];

    private void Checkout(string key, string value) => _checkoutOptions.Add((key, value));

    private static NotSupportedException NotReadable() => new("Options of the checkout can only be set.");
}
