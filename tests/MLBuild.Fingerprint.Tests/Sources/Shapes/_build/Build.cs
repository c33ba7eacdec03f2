using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using MLBuild.Engine.Stages;
using Nuke.Common;
using Shapes;

/// <summary>A list of the framework with a name of its own.</summary>
public sealed class Rates : Dictionary<string, double>;

public sealed class Scaler(double factor)
{
    public double Apply(double x) => x * factor;
}

/// <summary>A stage for each way in which code is reached.</summary>
public class Build : NukeBuild
{
    public Build()
    {
        AddingWithInit.Fill();
        AddingWithSet.Fill();
        AddingEither.Fill(isLarge: true);
        AssigningElements.Fill();
        AddingToElements.Fill();
        FillingArrays.Fill();
        Builders.Fill();
        HoldingWhatChanges.Fill();
    }

    public Type Model { get; } = typeof(HeldTypes.Model);

    public Rates Rates { get; } = new() { ["night"] = 1.5 };

    public Queue<string> Steps { get; } = new(["clean", "scale"]);

    public Dictionary<string, double> Fares { get; } = new(StringComparer.OrdinalIgnoreCase) { ["Night"] = 1 };

    public Func<string, bool> IsHoliday { get; } = new HashSet<string> { "01-01" }.Contains;

    public Func<double, double>[] Scales { get; } = [new Scaler(2).Apply, new Scaler(3).Apply];

    public Stage[] Stages =>
    [
        Of("Operators").Runs(run => Write(run, Operators.Value())).Build(),
        Of("Indexers").Runs(run => Write(run, Indexers.Value())).Build(),
        Of("Events").Runs(run => Write(run, Events.Value())).Build(),
        Of("PatternForeach").Runs(run => Write(run, PatternForeach.Value())).Build(),
        Of("OwnSequence").Runs(run => Write(run, OwnSequence.Value())).Build(),
        Of("Disposing").Runs(run => Write(run, Disposing.Value())).Build(),
        Of("FunctionPointers").Runs(run => Write(run, FunctionPointers.Value())).Build(),
        Of("Lazies").Runs(run => Write(run, Lazies.Value())).Build(),
        Of("ExpressionTrees").Runs(run => Write(run, ExpressionTrees.Value())).Build(),
        Of("AsyncStreams").Runs(run => Write(run, AsyncStreams.Value())).Build(),
        Of("AsyncLambdas").Runs(run => Write(run, AsyncLambdas.Value())).Build(),
        Of("OwnAwaitables").Runs(run => Write(run, OwnAwaitables.Value())).Build(),
        Of("Deconstruction").Runs(run => Write(run, Deconstruction.Value())).Build(),
        Of("CollectionExpressions").Runs(run => Write(run, CollectionExpressions.Value())).Build(),
        Of("ExceptionFilters").Runs(run => Write(run, ExceptionFilters.Value())).Build(),
        Of("Extensions").Runs(run => Write(run, Extensions.Value())).Build(),
        Of("StaticDelegates").Runs(run => Write(run, StaticDelegates.Value())).Build(),
        Of("QuerySyntax").Runs(run => Write(run, QuerySyntax.Value())).Build(),
        Of("Interpolation").Runs(run => Write(run, Interpolation.Value())).Build(),
        Of("GenericStatics").Runs(run => Write(run, GenericStatics.Value())).Build(),
        Of("Threads").Runs(run => Write(run, Threads.Value())).Build(),
        Of("CheckedArithmetic").Runs(run => Write(run, CheckedArithmetic.Value())).Build(),
        Of("ExplicitImplementation").Runs(run => Write(run, ExplicitImplementation.Value())).Build(),
        Of("GenericVirtuals").Runs(run => Write(run, GenericVirtuals.Value())).Build(),
        Of("NewConstraint").Runs(run => Write(run, NewConstraint.Value())).Build(),
        Of("Comparers").Runs(run => Write(run, Comparers.Value())).Build(),
        Of("Keys").Runs(run => Write(run, Keys.Value())).Build(),
        Of("Texts").Runs(run => Write(run, Texts.Value())).Build(),
        Of("VirtualDelegates").Runs(run => Write(run, VirtualDelegates.Value())).Build(),
        Of("PrimaryConstructors").Runs(run => Write(run, PrimaryConstructors.Value())).Build(),
        Of("CovariantReturns").Runs(run => Write(run, CovariantReturns.Value())).Build(),
        Of("BaseConstructors").Runs(run => Write(run, BaseConstructors.Value())).Build(),
        Of("NestedGenerics").Runs(run => Write(run, NestedGenerics.Value())).Build(),
        Of("GenericMath").Runs(run => Write(run, GenericMath.Value())).Build(),
        Of("ExternalBase").Runs(run => Write(run, ExternalBase.Value())).Build(),
        Of("ExternalInterface").Runs(run => Write(run, ExternalInterface.Value())).Build(),
        Of("RecordParts").Runs(run => Write(run, RecordParts.Value())).Build(),
        Of("InterfaceChain").Runs(run => Write(run, InterfaceChain.Value())).Build(),
        Of("InheritedImplementation").Runs(run => Write(run, InheritedImplementation.Value())).Build(),
        Of("ConstrainedCalls").Runs(run => Write(run, ConstrainedCalls.Value())).Build(),
        Of("Accessors").Runs(run => Write(run, Accessors.Value())).Build(),
        Of("Attributes").Runs(run => Write(run, Attributes.Value())).Build(),
        Of("Converters").Runs(run => Write(run, Converters.Value())).Build(),
        Of("Activation").Runs(run => Write(run, Activation.Value())).Build(),
        Of("MethodsOfTypes").Runs(run => Write(run, MethodsOfTypes.Value())).Build(),
        Of("TypesByLiteral").Runs(run => Write(run, TypesByLiteral.Value())).Build(),
        Of("Enums").Runs(run => Write(run, Enums.Value())).Build(),
        Of("Graphs").Runs(run => Write(run, Graphs.Value())).Build(),
        Of("OnlyRead").Runs(run => Write(run, OnlyRead.Value())).Build(),
        Of("AddingWithInit").Runs(run => Write(run, AddingWithInit.Value())).Build(),
        Of("AddingWithSet").Runs(run => Write(run, AddingWithSet.Value())).Build(),
        Of("AddingEither").Runs(run => Write(run, AddingEither.Value())).Build(),
        Of("AssigningElements").Runs(run => Write(run, AssigningElements.Value())).Build(),
        Of("AddingToElements").Runs(run => Write(run, AddingToElements.Value())).Build(),
        Of("FillingArrays").Runs(run => Write(run, FillingArrays.Value())).Build(),
        Of("Builders").Runs(run => Write(run, Builders.Value())).Build(),
        Of("HoldingWhatChanges").Runs(run => Write(run, HoldingWhatChanges.Value())).Build(),
        Of("ListsOf").Runs(run => Write(run, ListsOf.Value())).Build(),
        Of("ArraysOf").Runs(run => Write(run, ArraysOf.Value())).Build(),
        Of("LaziesOf").Runs(run => Write(run, LaziesOf.Value())).Build(),
        Of("HeldTypes").Runs(run => Write(run, HeldTypes.Value(Model))).Build(),
        Of("TextsOfTexts").Runs(run => Write(run, TextsOfTexts.Value())).Build(),
        Of("ItemsOfABase").Runs(run => Write(run, Rates["night"])).Build(),
        Of("Queues").Runs(run => Write(run, Steps.First().Length)).Build(),
        Of("Dictionaries").Runs(run => Write(run, Fares.GetValueOrDefault("night"))).Build(),
        Of("BoundMethods").Runs(run => Write(run, IsHoliday("01-01") ? 1 : 0)).Build(),
        Of("BoundObjects").Runs(run => Write(run, Scales[0](1) + Scales[1](1))).Build(),
    ];

    private static StageBuilder Of(string name) => new StageBuilder(new(name)).Writes("out.txt");

    private static void Write(StageRun run, double value) =>
        File.WriteAllText(run.Output("out.txt"), value.ToString(CultureInfo.InvariantCulture));
}
