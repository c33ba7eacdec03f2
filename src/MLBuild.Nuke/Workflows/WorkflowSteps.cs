namespace MLBuild.Nuke.Workflows;

/// <summary>Steps that several workflows have, as they stand in the file.</summary>
internal static class WorkflowSteps
{
    private const string Store = PipelineSession.StoreFolder;

    /// <summary>The sources, the SDK, and packages of earlier runs.</summary>
    public const string Prepare = """
              - uses: actions/checkout@v5.0.0
                with:
                  persist-credentials: false
              - uses: actions/setup-dotnet@v5.0.0
                with:
                  dotnet-version: 10.0.x
              - uses: actions/cache@v4.3.0
                with:
                  path: ~/.nuget/packages
                  key: packages-${{ runner.os }}-${{ hashFiles('**/packages*.lock.json') }}
                  restore-keys: packages-${{ runner.os }}-

        """;

    /// <summary>The newest store of the main branch. An entry of the cache never changes, so each run has a key of its
    /// own and starts from the newest.</summary>
    public const string RestoreStore = $$$"""
              - id: store
                uses: actions/cache/restore@v4.3.0
                with:
                  path: {{{Store}}}
                  key: store-${{ runner.os }}-${{ github.run_id }}-${{ github.run_attempt }}
                  restore-keys: store-${{ runner.os }}-

        """;

    /// <summary>Keeps the store for the next run, also of a run that failed: a version whose gate did not pass is
    /// registered, and what was computed need not be computed again.</summary>
    public static string SaveStore(Workflow workflow) => $$$"""
              - name: Prune
                if: always() && steps.store.outcome == 'success'
                run: ./build.sh Prune --max-size {{{workflow.StoreLimit}}} --apply-prune
        {{{Environment(workflow.Variables)}}}      - if: always() && steps.store.outcome == 'success'
                uses: actions/cache/save@v4.3.0
                with:
                  path: {{{Store}}}
                  key: ${{ steps.store.outputs.cache-primary-key }}

        """;

    /// <summary>One at a time of all that change the store and the registry in it, which would else be lost.</summary>
    public const string OneAtATime = """
        concurrency:
          group: store
          cancel-in-progress: false

        """;

    public const string ReadOnly = """
        permissions:
          contents: read

        """;

    /// <summary>The variables of a step, or nothing.</summary>
    public static string Environment(IEnumerable<WorkflowVariable> variables) =>
        string.Concat(variables.Select(variable => $"          {variable.Name}: ${{{{ {variable.Expression} }}}}\n"))
            is { Length: > 0 } lines ? $"        env:\n{lines}" : "";
}
